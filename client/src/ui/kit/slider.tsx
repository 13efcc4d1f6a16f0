import { useId } from 'react';
import './fields.css';

/** What a slider needs. */
export interface SliderProps {
  label: string;
  /** 0 to 1. */
  value: number;
  onChange: (value: number) => void;
  /** What the value means, in words. */
  words: string;
  testId?: string;
}

/** Sets something between nothing and all, in steps of five hundredths. */
export function Slider({ label, value, onChange, words, testId }: SliderProps) {
  const id = useId();
  return (
    <div className="field">
      <label className="field-label slider-label" htmlFor={id}>
        {label}
        <span>{words}</span>
      </label>
      <input
        id={id}
        className="slider"
        type="range"
        min={0}
        max={1}
        step={0.05}
        value={value}
        aria-valuetext={words}
        data-testid={testId}
        onChange={({ target }) => onChange(target.valueAsNumber)}
      />
    </div>
  );
}
