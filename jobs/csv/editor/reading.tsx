'use client'
import { Choice, Line } from '../../../components/controls/fields.tsx'
import { bytes } from '../../../components/words/count.ts'
import { roughly } from '../../../components/words/dates.ts'
import { FORMATS } from '../detect.ts'
import type { Draft, Pick } from './draft.ts'
import type { Look } from './use-preview.tsx'
import { COUNT_FORMATS, DECIMALS, DELIMITERS, delimiterWords, HEADERS, timeExample } from './words.ts'

/** Longer lists are no choice; the name can be typed. */
const LISTED = 200

/** How the file is read: every guess, and what to put in its place. */
export function Reading({
  draft,
  look,
  problem,
  onChange,
}: {
  readonly draft: Draft
  readonly look: Look
  readonly problem: (name: string) => string | undefined
  readonly onChange: (change: Partial<Draft>) => void
}) {
  const { preview, passSeconds, file } = look
  const { guessed } = preview
  const example = (format: string | null) => (format === null ? '' : timeExample(format))
  return (
    <fieldset className="grid content-start gap-3">
      <legend className="mb-1 font-semibold">How it is read</legend>
      <PickField
        label="Between cells"
        typedLabel="The sign between cells"
        pick={draft.delimiter}
        guess={`Detected: ${delimiterWords(guessed.delimiter)}`}
        start={preview.delimiter}
        options={DELIMITERS}
        problem={problem('delimiter')}
        onChange={(delimiter) => onChange({ delimiter })}
      />
      <Choice
        label="The first line holds"
        value={draft.header}
        options={[
          ['', `Detected: ${(guessed.header ? HEADERS.yes : HEADERS.no).toLowerCase()}`],
          ['yes', HEADERS.yes],
          ['no', HEADERS.no],
        ]}
        problem={problem('header')}
        onChange={(header) => onChange({ header: header as Draft['header'] })}
      />
      <Choice
        label="Decimal sign"
        value={draft.decimal}
        options={[
          ['', `Detected: ${DECIMALS[guessed.decimal].toLowerCase()}`],
          ['.', DECIMALS['.']],
          [',', DECIMALS[',']],
        ]}
        problem={problem('decimal')}
        onChange={(decimal) => onChange({ decimal: decimal as Draft['decimal'] })}
      />
      <PickField
        label="Column of times"
        typedLabel="Its name, as in the first line"
        pick={draft.timeColumn}
        guess={guessed.timeColumn === null ? 'Detected: none' : `Detected: ${shortened(guessed.timeColumn)}`}
        start={preview.timeColumn ?? ''}
        none="None"
        options={preview.columns.slice(0, LISTED).map(({ name }) => [name, shortened(name)] as const)}
        problem={problem('timeColumn')}
        onChange={(timeColumn) => onChange({ timeColumn })}
      />
      {preview.timeColumn === null && draft.timeFormat.type === 'guessed' ? null : (
        <PickField
          label="Times are written like"
          typedLabel="Pattern, such as DD.MM.YYYY HH:mm:ss.SSS"
          pick={draft.timeFormat}
          guess={guessed.timeFormat === null ? 'Detected: nothing known' : `Detected: ${example(guessed.timeFormat)}`}
          start={preview.timeFormat === 'iso' ? 'YYYY-MM-DD[THH:mm[:ss[.SSS]][Z]]' : (preview.timeFormat ?? '')}
          options={[...FORMATS, ...COUNT_FORMATS].map((format) => [format, timeExample(format)] as const)}
          problem={problem('timeFormat')}
          onChange={(timeFormat) => onChange({ timeFormat })}
        />
      )}
      {passSeconds === undefined ? null : (
        <p className="text-small" role="status">
          The file has not been read this way yet. Run begins with one pass of the host over its{' '}
          {bytes(file.storedBytes)}: {roughly(passSeconds)}.
        </p>
      )}
    </fieldset>
  )
}

function shortened(name: string): string {
  return name.length > 60 ? `${name.slice(0, 59)}…` : name
}

const GUESSED = 'guessed'
const NONE = 'none'
const TYPED = 'typed'

/** A guess that may be left standing, replaced by one of a few, or by anything one types. */
export function PickField({
  label,
  typedLabel,
  pick,
  guess,
  start,
  none,
  options,
  problem,
  onChange,
}: {
  readonly label: string
  readonly typedLabel: string
  readonly pick: Pick
  /** The guess in words. */
  readonly guess: string
  /** What typing begins with: what holds now. */
  readonly start: string
  /** What choosing none of all is called, where one can. */
  readonly none?: string
  readonly options: readonly (readonly [text: string, words: string])[]
  readonly problem: string | undefined
  readonly onChange: (pick: Pick) => void
}) {
  const listed = pick.type !== 'picked' || options.some(([text]) => text === pick.text)
  const choose = (value: string) => {
    if (value === GUESSED) onChange({ type: 'guessed' })
    else if (value === NONE) onChange({ type: 'none' })
    else if (value === TYPED) onChange({ type: 'typed', text: start })
    else onChange({ type: 'picked', text: value.slice(1) })
  }
  return (
    <div className="grid gap-2">
      <Choice
        label={label}
        value={pick.type === 'picked' ? `=${pick.text}` : pick.type}
        options={[
          [GUESSED, guess] as const,
          ...(none === undefined ? [] : [[NONE, none] as const]),
          ...options.map(([text, words]) => [`=${text}`, words] as const),
          ...(listed || pick.type !== 'picked' ? [] : [[`=${pick.text}`, pick.text] as const]),
          [TYPED, 'Another…'] as const,
        ]}
        problem={pick.type === 'typed' ? undefined : problem}
        onChange={choose}
      />
      {pick.type === 'typed' ? (
        <Line
          label={typedLabel}
          value={pick.text}
          onChange={(text) => onChange({ type: 'typed', text })}
          problem={problem}
        />
      ) : null}
    </div>
  )
}
