import type { ReactNode } from "react";
import { useTexts } from "../i18n/language.js";
import "./shell.css";

/** The page before anything is known, in the places where it will be. */
export function ShellSkeleton(): ReactNode {
  const texts = useTexts();
  return (
    <div className="shell" data-front="side" role="status" aria-label={texts.loading}>
      <div className="panes">
        <div className="side">
          <div className="bar" />
          <ListSkeleton />
        </div>
        <div className="main" />
      </div>
    </div>
  );
}

export function ListSkeleton({ rows = 7 }: { readonly rows?: number }): ReactNode {
  return (
    <div className="list-skeleton" aria-hidden="true">
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} className="list-skeleton-row">
          <span className="skeleton" />
          <span className="skeleton" />
          <span className="skeleton" />
        </div>
      ))}
    </div>
  );
}
