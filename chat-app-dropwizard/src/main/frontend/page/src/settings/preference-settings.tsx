import { type ReactNode, useCallback, useEffect, useState } from "react";
import { chooseLanguage, LANGUAGES, type Language, useChosenLanguage, useTexts } from "../i18n/language.js";
import { notificationsAreThere, notificationsWork } from "../shell/notifications.js";
import { Outdated } from "../parts/chunk.js";
import { onUserSetting, setUserSetting, userSetting } from "../session/traces.js";
import { useChat } from "../session/use-session.js";
import { setTheme, THEMES, useTheme } from "../theme/theme.js";
import { toast } from "../ui/toast.js";

/** How the page looks and speaks on this device. */
export function PreferenceSettings(): ReactNode {
  const texts = useTexts();
  const theme = useTheme();
  const language: Language | "" = useChosenLanguage() ?? "";
  const themes = { system: texts.themeSystem, light: texts.themeLight, dark: texts.themeDark };
  return (
    <>
      <Choice
        title={texts.appearance}
        name="theme"
        options={THEMES.map((one) => [one, themes[one]] as const)}
        chosen={theme}
        onChoose={setTheme}
      />
      <Choice
        title={texts.language}
        name="language"
        options={[["", texts.languageSystem], ...(Object.entries(LANGUAGES) as [Language, string][])]}
        chosen={language}
        onChoose={(chosen) => {
          chooseLanguage(chosen === "" ? undefined : chosen).catch((failure: unknown) => {
            toast(`${texts.couldNotLoad} ${failure instanceof Outdated ? texts.crashedHint : texts.noAnswer}`);
          });
        }}
      />
      <Notifications />
    </>
  );
}

function Choice<T extends string>({
  title,
  name,
  options,
  chosen,
  onChoose,
}: {
  readonly title: string;
  readonly name: string;
  readonly options: readonly (readonly [T, string])[];
  readonly chosen: T;
  readonly onChoose: (value: T) => void;
}): ReactNode {
  return (
    <fieldset className="settings-part">
      <legend>
        <h3>{title}</h3>
      </legend>
      <div className="choice">
        {options.map(([value, label]) => (
          <label key={value} lang={value in LANGUAGES ? value : undefined}>
            <input
              type="radio"
              name={name}
              value={value}
              checked={value === chosen}
              onChange={() => {
                onChoose(value);
              }}
            />
            <span>{label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Notifications(): ReactNode {
  const texts = useTexts();
  const { user } = useChat();
  const [there, setThere] = useState(notificationsAreThere);
  const isWanted = useCallback(
    () => there && Notification.permission === "granted" && userSetting(user, "notify") === "yes",
    [there, user],
  );
  const [wanted, setWanted] = useState(isWanted);
  useEffect(
    () =>
      onUserSetting(user, "notify", () => {
        setWanted(isWanted());
      }),
    [user, isWanted],
  );
  const [denied, setDenied] = useState(() => there && Notification.permission === "denied");
  const choose = async (wants: boolean): Promise<void> => {
    if (wants && !notificationsWork()) {
      setUserSetting(user, "notify", "no");
      setThere(false);
      return;
    }
    const granted = wants && (await Notification.requestPermission()) === "granted";
    setUserSetting(user, "notify", granted ? "yes" : "no");
    setWanted(granted);
    setDenied(wants && !granted);
  };
  return (
    <section className="settings-part">
      <h3>{texts.notifications}</h3>
      {there ? (
        <>
          <label className="switch">
            <input
              type="checkbox"
              role="switch"
              checked={wanted}
              onChange={({ target }) => void choose(target.checked)}
            />
            <span>{texts.notify}</span>
          </label>
          <p className="settings-hint">{texts.notifyHint}</p>
          <div role="status">{denied && <p className="notice wrong">{texts.notifyDenied}</p>}</div>
        </>
      ) : (
        <p className="settings-hint">{texts.notifyNone}</p>
      )}
    </section>
  );
}
