import { useEffect, useRef } from "react";
import { useOnline } from "./use-online.js";
import { useOfChat } from "./use-session.js";

/** Does something each time that there is a connection again, as to what could not be had without one. */
export function useReconnected(run: () => void): void {
  const isConnected = useOfChat((chat) => chat.state.name === "connected");
  const connected = useOnline() && isConnected; // a connection may outlast the network's being gone
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
