import { type RefObject, useEffect, useState } from "react";

/** Whether some of what is in an element is selected. */
export function useSelected(element: RefObject<HTMLElement | null>): boolean {
  const [isSelected, setSelected] = useState(false);
  useEffect(() => {
    const look = (): void => {
      const selection = getSelection();
      setSelected(
        element.current !== null && selection?.isCollapsed === false && selection.containsNode(element.current, true),
      );
    };
    document.addEventListener("selectionchange", look);
    return () => {
      document.removeEventListener("selectionchange", look);
    };
  }, [element]);
  return isSelected;
}
