/**
 * A spot the runtime fills until React does: `is` names it, `children` are the words before either has.
 * One string and nothing else inside, so that neither treads on the other's nodes.
 */
export function Word({
  is,
  children,
  className,
}: {
  readonly is: string
  readonly children: string
  readonly className?: string
}) {
  return (
    <span data-volunteer-text={is} className={className} suppressHydrationWarning>
      {children}
    </span>
  )
}
