import { CircleAlert, Eye, EyeOff } from "lucide-react";
import { type ComponentProps, type ReactNode, useEffect, useId, useState } from "react";
import { useTexts } from "../i18n/language.js";
import { IconButton } from "./button.js";

interface FieldProps extends ComponentProps<"input"> {
  readonly label: string;
  readonly hint?: string | undefined;
  /** What is wrong with what was entered. */
  readonly wrong?: string | undefined;
}

const SILENCE = { text: undefined, time: 0 };

/**
 * A labelled input. Passwords can be shown. What is wrong stands in the place of the hint, which it says again; so does what the
 * browser finds wrong before anything is sent, which would speak of it in a bubble, and in a language of its own.
 *
 * Whoever comes to the field hears what it is described by. Whoever is there already would not: to them it is said aloud.
 */
export function Field({ label, hint, wrong: told, type = "text", onChange, ...props }: FieldProps): ReactNode {
  const texts = useTexts();
  const id = useId();
  const [found, setFound] = useState<"required" | "invalidEmail">();
  /** What was told of what is being corrected now. */
  const [old, setOld] = useState<string>();
  if (told === undefined && old !== undefined) {
    setOld(undefined); // it is being sent again
  }
  const wrong = found !== undefined ? texts[found] : told === old ? undefined : told;
  const [said, setSaid] = useState<{ readonly text: string | undefined; readonly time: number }>(SILENCE);
  const say = (text: string): void => {
    setSaid(({ time }) => ({ text, time: time + 1 }));
  };
  if (wrong === undefined && said.text !== undefined) {
    setSaid({ ...said, text: undefined });
  }
  useEffect(() => {
    if (told === undefined || !hasFocus(id)) {
      return undefined;
    }
    const timer = setTimeout(() => {
      if (hasFocus(id)) {
        say(told); // the form has led nowhere else
      }
    });
    return () => {
      clearTimeout(timer);
    };
  }, [told, id]);
  const [shown, setShown] = useState(false);
  const isPassword = type === "password";
  const described = wrong !== undefined ? `${id}-wrong` : hint !== undefined ? `${id}-hint` : undefined;
  const input = (
    <input
      id={id}
      className="input"
      type={isPassword && shown ? "text" : type}
      dir={isPassword ? "ltr" : "auto"}
      aria-invalid={wrong !== undefined}
      aria-describedby={described}
      {...props}
      onChange={(event) => {
        setFound(undefined);
        setOld(told);
        onChange?.(event);
      }}
      onInvalid={(event) => {
        event.preventDefault();
        const { form, validity } = event.currentTarget;
        const found = validity.valueMissing ? "required" : "invalidEmail";
        setFound(found);
        if (hasFocus(id)) {
          say(texts[found]);
        }
        [...(form?.querySelectorAll("input") ?? [])].find(({ validity }) => !validity.valid)?.focus();
      }}
    />
  );
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {isPassword ? (
        <div className="with-button" dir="ltr">
          {input}
          <IconButton
            label={shown ? texts.hidePassword : texts.showPassword}
            onClick={() => {
              setShown(!shown);
            }}
          >
            {shown ? <EyeOff size={20} /> : <Eye size={20} />}
          </IconButton>
        </div>
      ) : (
        input
      )}
      {wrong !== undefined ? (
        <p className="wrong" id={`${id}-wrong`}>
          <CircleAlert size={16} aria-hidden="true" />
          {wrong}
        </p>
      ) : (
        hint !== undefined && (
          <p className="hint" id={`${id}-hint`}>
            {hint}
          </p>
        )
      )}
      <div className="unseen" aria-live="assertive">
        {/* Said anew each time, also where it is the same. */}
        <span key={said.time}>{said.text}</span>
      </div>
    </div>
  );
}

function hasFocus(id: string): boolean {
  return document.activeElement?.id === id;
}
