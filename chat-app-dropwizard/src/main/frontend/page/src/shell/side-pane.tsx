import { ArrowLeft } from "lucide-react";
import { type ComponentProps, type KeyboardEvent, type ReactNode, type RefObject, useEffect, useRef } from "react";
import { useTexts } from "../i18n/language.js";
import { hrefOf, type Route } from "../route/route.js";
import { go, leaving } from "../route/use-route.js";
import { IconLink } from "../ui/button.js";
import { isComposing } from "../ui/composing.js";

/** Where something is looked for: it stands in the place of the conversations until somebody goes back. */
export function SidePane({
  title,
  back,
  children,
}: {
  readonly title: string;
  readonly back: Route;
  readonly children: ReactNode;
}): ReactNode {
  const texts = useTexts();
  return (
    <div
      className="side-pane"
      role="search"
      onKeyDown={(event) => {
        if (event.key === "Escape" && !isComposing(event)) {
          go(back);
        }
      }}
    >
      <div className="bar">
        <IconLink className="icon-button back" label={texts.back} href={hrefOf(back)} onClick={leaving(back)}>
          <ArrowLeft size={20} />
        </IconLink>
        <h2>{title}</h2>
      </div>
      {children}
    </div>
  );
}

/** What is looked for. It has the focus at first, and the arrow down leads from it to what was found. */
export function SideSearch({
  label,
  value,
  list,
  onValue,
  onEnter,
  children,
  ...props
}: {
  readonly label: string;
  readonly value: string;
  readonly list: RefObject<HTMLElement | null>;
  readonly onValue: (value: string) => void;
  readonly onEnter?: () => void;
  readonly children?: ReactNode;
} & Pick<ComponentProps<"input">, "autoCapitalize" | "spellCheck">): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    input.current?.focus();
  }, []);
  const press = (event: KeyboardEvent): void => {
    if (isComposing(event)) {
      return;
    } else if (event.key === "ArrowDown") {
      event.preventDefault();
      list.current?.querySelector<HTMLElement>("[data-rove]")?.focus();
    } else if (event.key === "Enter") {
      event.preventDefault(); // or it ends up in what has the focus by then
      onEnter?.();
    }
  };
  return (
    <div className="side-search">
      <input
        ref={input}
        className="input"
        type="search"
        dir={value === "" ? undefined : "auto"}
        aria-label={label}
        placeholder={label}
        autoComplete="off"
        value={value}
        onChange={({ target }) => {
          onValue(target.value);
        }}
        onKeyDown={press}
        {...props}
      />
      {children}
    </div>
  );
}
