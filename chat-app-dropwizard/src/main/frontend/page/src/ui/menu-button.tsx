import { lazy, type ReactNode, Suspense, useState } from "react";
import { IconButton } from "./button.js";
import type { Choice } from "./menu.js";

const Menu = lazy(() => import("./menu.js"));

/** A button that opens a menu. */
export function MenuButton({
  label,
  icon,
  head,
  choices,
}: {
  readonly label: string;
  readonly icon: ReactNode;
  readonly head?: ReactNode;
  readonly choices: readonly Choice[];
}): ReactNode {
  const [button, setButton] = useState<HTMLButtonElement | null>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <IconButton
        ref={setButton}
        label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        data-popup-open={open || undefined}
        onClick={() => {
          setOpen(!open);
        }}
      >
        {icon}
      </IconButton>
      {open && (
        <Suspense>
          <Menu
            anchor={button}
            head={head}
            choices={choices}
            onClose={() => {
              setOpen(false);
            }}
          />
        </Suspense>
      )}
    </>
  );
}
