import { CircleAlert } from "lucide-react";
import { Component, type ReactNode } from "react";
import { useTexts } from "../i18n/language.js";
import { Button } from "../ui/button.js";
import { State } from "../ui/state.js";

/** Where the page itself fails, it says so, and offers the way out. */
export class Failsafe extends Component<{ readonly children: ReactNode }, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? <Crashed /> : this.props.children;
  }
}

function Crashed(): ReactNode {
  const texts = useTexts();
  return (
    <main className="whole" role="alert">
      <State icon={CircleAlert} title={texts.crashed} heading="h1">
        <p>{texts.crashedHint}</p>
        <Button
          onClick={() => {
            location.reload();
          }}
        >
          {texts.reload}
        </Button>
      </State>
    </main>
  );
}
