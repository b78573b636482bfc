'use client'

let audio: AudioContext | undefined

/** Browsers play sound only after a touch or a key: called from the switch. */
export function armBell(): void {
  audio ??= new AudioContext()
  void audio.resume()
}

/** Two soft tones, rising or falling. */
export function ring(which: 'upper' | 'lower'): void {
  if (!audio) return
  const tones = which === 'upper' ? [523, 784] : [523, 349]
  for (const [i, frequency] of tones.entries()) {
    const start = audio.currentTime + i * 0.22
    const tone = audio.createOscillator()
    const volume = audio.createGain()
    tone.frequency.value = frequency
    volume.gain.setValueAtTime(0, start)
    volume.gain.linearRampToValueAtTime(0.2, start + 0.02)
    volume.gain.exponentialRampToValueAtTime(0.001, start + 0.4)
    tone.connect(volume).connect(audio.destination)
    tone.start(start)
    tone.stop(start + 0.42)
  }
}
