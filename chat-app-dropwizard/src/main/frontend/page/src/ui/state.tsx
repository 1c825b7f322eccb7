import { CloudOff } from "lucide-react";
import type { ComponentType, ReactNode } from "react";
import { useTexts } from "../i18n/language.js";
import { Button } from "./button.js";
import { explained } from "./failure.js";

/** What is shown where there is nothing else to show: what it is, and what to do. */
export function State({
  icon: Icon,
  title,
  heading: Heading = "h2",
  children,
}: {
  readonly icon: ComponentType<{ readonly size: number }>;
  readonly title: string;
  /** The first one where there is nothing else on the page. */
  readonly heading?: "h1" | "h2";
  readonly children?: ReactNode;
}): ReactNode {
  return (
    <div className="state">
      <Icon size={28} />
      <Heading>{title}</Heading>
      {children}
    </div>
  );
}

/** Something could not be loaded; where the page is `outdated` it never will be, unless the page is loaded again. */
export function ErrorState({
  failure,
  retry,
  outdated = false,
}: {
  /** Why, if that is known. */
  readonly failure?: unknown;
  readonly retry: () => void;
  readonly outdated?: boolean;
}): ReactNode {
  const texts = useTexts();
  return (
    <div role="alert">
      <State icon={CloudOff} title={texts.couldNotLoad}>
        <p>{outdated ? texts.crashedHint : failure === undefined ? texts.noAnswer : explained(failure, texts)}</p>
        <Button
          kind="quiet"
          onClick={
            outdated
              ? () => {
                  location.reload();
                }
              : retry
          }
        >
          {outdated ? texts.reload : texts.tryAgain}
        </Button>
      </State>
    </div>
  );
}
