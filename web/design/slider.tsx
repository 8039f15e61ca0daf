import css from './slider.module.css'

interface Props { label: string; value: number; onSlide: (value: number) => void; min?: number; max?: number; step?: number; /** How the value is said; also to those who do not see it. */ text: string; part?: string }

/** A number that is found by trying: it is drawn along a line, or moved by the arrow keys. */
export const Slider = ({ label, value, onSlide, min = 0, max = 100, step = 1, text, part }: Props) => (
  <input type="range" className={css.slider} data-part={part} aria-label={label} aria-valuetext={text} min={min} max={max} step={step} value={value} onChange={(event) => onSlide(Number(event.target.value))} />
)
