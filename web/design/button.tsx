import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'
import css from './button.module.css'
import { cx } from './classes.ts'
import { Icon, type IconName } from './icons.tsx'

interface Props extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'children'> {
  children?: ReactNode
  /** primary: the one act of a screen. quiet: no border until touched. danger: cannot be undone. */
  look?: 'plain' | 'primary' | 'quiet' | 'danger'
  small?: boolean
  icon?: IconName
  /** Work is under way: the button stays where it is and takes no second press. */
  busy?: boolean | undefined
  ref?: Ref<HTMLButtonElement>
}

export function Button({ look = 'plain', small, icon, busy, children, className, disabled, type = 'button', ...rest }: Props) {
  return (
    <button {...rest} type={type} disabled={disabled || busy} aria-busy={busy || undefined} className={cx(css.button, css[look], small && css.small, !children && css.square, className)}>
      {icon && <Icon name={icon} />}
      {children}
    </button>
  )
}

/** A button that is only a sign; its name is spoken and shown on hover. */
export const IconButton = ({ label, icon, ...rest }: Omit<Props, 'children' | 'icon'> & { label: string; icon: IconName }) => (
  <Button look="quiet" {...rest} icon={icon} aria-label={label} title={label} />
)
