import type { ComponentProps, ReactNode } from "react";

/** A button with words. While `busy` it keeps its focus and does nothing. */
export function Button({
  kind = "main",
  busy = false,
  onClick,
  ...props
}: ComponentProps<"button"> & {
  readonly kind?: "main" | "quiet" | "danger" | "danger-quiet" | "plain";
  readonly busy?: boolean;
}): ReactNode {
  return (
    <button
      type="button"
      {...props}
      className="button"
      data-kind={kind}
      aria-disabled={busy || undefined}
      onClick={(event) => {
        if (busy) {
          event.preventDefault();
        } else {
          onClick?.(event);
        }
      }}
    />
  );
}

/** A button with an icon alone; its label is heard, and shown by the mouse. */
export function IconButton({ label, ...props }: ComponentProps<"button"> & { readonly label: string }): ReactNode {
  return <button type="button" className="icon-button" aria-label={label} title={label} {...props} />;
}

export function IconLink({ label, ...props }: ComponentProps<"a"> & { readonly label: string }): ReactNode {
  return <a className="icon-button" aria-label={label} title={label} {...props} />;
}
