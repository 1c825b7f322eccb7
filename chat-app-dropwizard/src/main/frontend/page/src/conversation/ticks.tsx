import type { Conversation } from "@message-center/client";
import { Check, CheckCheck, CircleAlert, CircleCheck, Clock } from "lucide-react";
import type { ReactNode } from "react";
import { useTexts } from "../i18n/language.js";
import "./ticks.css";

/** How far a message of mine has come. */
export type Tick = "pending" | "sent" | "delivered" | "read" | "failed";

export function tickOf(
  seq: number,
  conversation: Pick<Conversation, "peer_read_upto" | "peer_delivered_upto"> | undefined,
): Tick {
  if (conversation !== undefined && seq <= conversation.peer_read_upto) {
    return "read";
  }
  return conversation !== undefined && seq <= conversation.peer_delivered_upto ? "delivered" : "sent";
}

/** Each of a shape of its own, as not everybody tells colours apart. */
const ICONS = { pending: Clock, sent: Check, delivered: CheckCheck, read: CircleCheck, failed: CircleAlert };

export function Ticks({ tick }: { readonly tick: Tick }): ReactNode {
  const texts = useTexts();
  const Icon = ICONS[tick];
  const said = {
    pending: texts.sending,
    sent: texts.sent,
    delivered: texts.delivered,
    read: texts.read,
    failed: texts.notSent,
  }[tick];
  return (
    <span className="ticks" data-tick={tick} role="img" aria-label={said} title={said}>
      <Icon size={16} />
    </span>
  );
}
