import { Menu as Base } from "@base-ui/react/menu";
import { type ReactNode, type RefObject, useEffect, useRef } from "react";

/** Something that can be chosen. */
export interface Choice {
  readonly label: string;
  readonly icon: ReactNode;
  readonly danger?: boolean;
  readonly choose: () => void;
  /** Where the focus goes then, or null where what is chosen sees to that; by default as when nothing is chosen. */
  readonly focus?: RefObject<HTMLElement | null> | null;
}

/** A menu at an element; it is there while it is open. It is loaded when it is first opened. */
export default function Menu({
  anchor,
  head,
  choices,
  align = "end",
  finalFocus = () => anchor,
  onClose,
}: {
  readonly anchor: HTMLElement | null;
  readonly head?: ReactNode;
  readonly choices: readonly Choice[];
  readonly align?: "start" | "end";
  /** Where the focus goes afterwards; by default to the anchor. */
  readonly finalFocus?: () => HTMLElement | null;
  readonly onClose: () => void;
}): ReactNode {
  const chosen = useRef<Choice>(undefined);
  const first = useRef<HTMLElement>(null);
  useEffect(() => {
    // After the menu has taken the focus for itself: the first choice is the one that Enter takes.
    const frame = requestAnimationFrame(() => first.current?.focus());
    return () => {
      cancelAnimationFrame(frame);
      // Only now is on the page what was chosen: the menu itself looks while another text may take the place of this one.
      chosen.current?.focus?.current?.focus();
    };
  }, []);
  return (
    <Base.Root
      defaultOpen
      onOpenChange={(open) => {
        if (!open) {
          onClose();
        }
      }}
    >
      <Base.Portal container={anchor?.closest<HTMLElement>(".side, .main")}>
        <Base.Positioner
          className="menu-place"
          anchor={anchor}
          align={align}
          sideOffset={4}
          collisionPadding={8}
          sticky // where there is room on neither side, it lies above what it is of
        >
          <Base.Popup className="menu" finalFocus={() => (chosen.current?.focus === undefined ? finalFocus() : false)}>
            {head}
            {choices.map((choice, i) => (
              <Base.Item
                key={choice.label}
                ref={i === 0 ? first : undefined}
                className="menu-item"
                data-danger={choice.danger ?? undefined}
                onClick={() => {
                  chosen.current = choice;
                  choice.choose();
                }}
              >
                {choice.icon}
                {choice.label}
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
