/** Always visible, always at hand, always the runtime's own: React is not needed for any of them. */
export function Actions() {
  return (
    <fieldset className="actions no-print" aria-label="Your device">
      <button type="button" data-volunteer="pause" className="act while-going">
        Pause
      </button>
      <button type="button" data-volunteer="resume" className="act while-held">
        Resume
      </button>
      <button type="button" data-volunteer="finish" className="do" title="Send what is running, then stop">
        Finish
      </button>
      <button type="button" data-volunteer="stop" className="do" title="Stop now; unfinished work goes to others">
        Stop
      </button>
    </fieldset>
  )
}
