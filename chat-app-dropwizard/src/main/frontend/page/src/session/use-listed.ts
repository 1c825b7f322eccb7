import type { Conversation } from "@message-center/client";
import { useMemo } from "react";
import { useDrafted } from "./use-draft.js";
import { useChat, useOfChat } from "./use-session.js";

/** With whom I talk, latest first; above them those to whom something is begun or on its way, and who are not among them. */
export function useListed(): readonly Conversation[] {
  const drafted = useDrafted(useChat().user);
  const listed = useOfChat((chat) => chat.conversations);
  const unlisted = useOfChat((chat) => chat.unlisted(drafted));
  return useMemo(() => [...unlisted, ...listed], [unlisted, listed]);
}
