import { useEffect, useRef } from "react";
import { useOfChat } from "./use-session.js";

/** Does something each time that there is a connection again, as to what could not be had without one. */
export function useReconnected(run: () => void): void {
  const connected = useOfChat((chat) => chat.state.name === "connected");
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  const was = useRef(connected);
  useEffect(() => {
    if (connected && !was.current) {
      latest.current();
    }
    was.current = connected;
  }, [connected]);
}
