import { useEffect, useRef } from "react";
import { useOnline } from "./use-online.js";
import { useOfChat } from "./use-session.js";

/** Tries again what has failed, each time that there is a connection again. */
export function useReconnected(failed: boolean, retry: () => void): void {
  const isConnected = useOfChat((chat) => chat.state.name === "connected");
  const connected = useOnline() && isConnected; // a connection may outlast the network's being gone
  const latest = useRef({ failed, retry });
  useEffect(() => {
    latest.current = { failed, retry };
  });
  const was = useRef(connected);
  useEffect(() => {
    if (connected && !was.current && latest.current.failed) {
      latest.current.retry();
    }
    was.current = connected;
  }, [connected]);
}
