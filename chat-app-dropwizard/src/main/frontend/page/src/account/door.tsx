import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import mark from "../assets/icon.svg";
import { useTexts } from "../i18n/language.js";
import { hrefOf } from "../route/route.js";
import { useRoute } from "../route/use-route.js";
import type { Notice } from "../session/session.js";
import { useSession } from "../session/use-session.js";
import { Button } from "../ui/button.js";
import { isFocusLost } from "../ui/focus.js";
import { Forgot } from "./forgot.js";
import { Reset } from "./reset.js";
import { SignIn } from "./sign-in.js";
import { SignUp } from "./sign-up.js";
import "./door.css";

/** Where people come in: they sign in, open an account, or get a new password. */
export default function Door({
  notice,
  user,
  resetToken,
}: {
  /** Why they are asked to. */
  readonly notice?: Notice | undefined;
  /** Who is signed in in this browser instead, or whose session has ended. */
  readonly user?: string | undefined;
  readonly resetToken?: string | undefined;
}): ReactNode {
  const texts = useTexts();
  const session = useSession();
  const { door } = useRoute();
  const title = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const [username, setUsername] = useState((notice === "ended" ? user : undefined) ?? "");
  const place = resetToken === undefined ? (door ?? "sign-in") : "reset";
  const before = useRef(place);
  useEffect(() => {
    if (isFocusLost()) {
      heading.current?.focus(); // what had the focus went with the chat
    }
  }, []);
  useEffect(() => {
    if (before.current !== place) {
      before.current = place;
      heading.current?.focus(); // another form: say which
    }
  }, [place]);
  const titles = {
    "sign-in": texts.signIn,
    "sign-up": texts.signUp,
    forgot: texts.forgotTitle,
    reset: texts.resetTitle,
  };
  // That a password was changed is said where one signs in with it, and nowhere else.
  const isSaid = place !== "reset" && (notice !== "passwordReset" || place === "sign-in");
  const noticeText = notice !== undefined && isSaid ? noticeOf(notice, user ?? "") : undefined;
  return (
    <main className="door">
      <div className="door-brand">
        <img src={mark} alt="" width="56" height="56" />
        <p className="door-name">{texts.appName}</p>
        <p>{texts.welcome}</p>
      </div>
      <section className="door-card" aria-labelledby={title}>
        <h1 id={title} ref={heading} tabIndex={-1}>
          {titles[place]}
        </h1>
        <div role="status">{noticeText !== undefined && <p className="notice">{noticeText}</p>}</div>
        {notice !== "ended" && user !== undefined && (
          <Button kind="quiet" onClick={() => void session.start()}>
            {texts.goOnAs(user)}
          </Button>
        )}
        {place === "reset" ? (
          <Reset token={resetToken ?? ""} />
        ) : place === "sign-up" ? (
          <SignUp />
        ) : place === "forgot" ? (
          <Forgot user={username} />
        ) : (
          <SignIn username={username} onUsername={setUsername} />
        )}
        {place === "sign-in" && (
          <p className="door-other">
            {texts.newHere} <a href={hrefOf({ door: "sign-up" })}>{texts.signUp}</a>
          </p>
        )}
        {place === "sign-up" && (
          <p className="door-other">
            {texts.haveAccount} <a href={hrefOf({})}>{texts.signIn}</a>
          </p>
        )}
        {place === "forgot" && (
          <p className="door-other">
            <a href={hrefOf({})}>{texts.backToSignIn}</a>
          </p>
        )}
      </section>
    </main>
  );

  function noticeOf(notice: Notice, user: string): string {
    switch (notice) {
      case "ended":
        return texts.noticeEnded;
      case "somebodyElse":
        return texts.noticeSomebodyElse(user);
      case "passwordReset":
        return user === "" ? texts.noticePasswordReset : texts.noticePasswordResetBeside(user);
      case "erased":
        return texts.noticeErased;
    }
  }
}
