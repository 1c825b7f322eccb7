/** What the client needs of a WebSocket: the browser's and those of Node's libraries have it. */
export interface SocketLike {
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  send(data: string): void;
  close(code?: number, reason?: string): void;
}

/** A handshake to make. */
export interface Handshake {
  readonly url: string;
  readonly protocol: string;
  /** Says who connects, if that is not the browser's cookie. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Opens a WebSocket; one that cannot be opened closes. */
export type SocketFactory = (handshake: Handshake) => SocketLike;

/** The browser's WebSocket, which sends the cookie and cannot send headers. */
export const browserSockets: SocketFactory = ({ url, protocol, headers }) => {
  if (Object.keys(headers).length > 0) {
    throw new Error("A browser sends no token with a WebSocket: sign in by cookie, or give a socket factory.");
  }
  return new WebSocket(url, protocol);
};

/** The WebSocket that Node has since version 22, which takes headers. */
export const nodeSockets: SocketFactory = ({ url, protocol, headers }) => {
  const Constructor = globalThis.WebSocket as unknown as new (
    url: string,
    options: { protocols: string; headers: Readonly<Record<string, string>> },
  ) => SocketLike;
  return new Constructor(url, { protocols: protocol, headers });
};

/** The WebSocket of the package `ws`, for Node 20: `wsSockets(WebSocket)`. */
export function wsSockets(
  Constructor: new (url: string, protocol: string, options: { headers: Record<string, string> }) => SocketLike,
): SocketFactory {
  return ({ url, protocol, headers }) => new Constructor(url, protocol, { headers: { ...headers } });
}
