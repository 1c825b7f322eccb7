import { type ReactNode, useState } from "react";
import { popup } from "../parts/part.js";
import { IconButton } from "./button.js";
import type { Choice } from "./menu.js";

const Menu = popup("ui/menu", () => import("./menu.js"));

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
        <Menu
          anchor={button}
          head={head}
          choices={choices}
          onClose={() => {
            setOpen(false);
          }}
        />
      )}
    </>
  );
}
