import { ArrowLeft, Ban, Keyboard, Laptop, Palette, UserRound } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { useTexts } from "../i18n/language.js";
import { hrefOf, SETTINGS, type Settings as Section } from "../route/route.js";
import { go, leaving, useRoute } from "../route/use-route.js";
import { Button, IconLink } from "../ui/button.js";
import { isComposing } from "../ui/composing.js";
import { AccountSettings } from "./account-settings.js";
import { BlockedSettings } from "./blocked-settings.js";
import { DeviceSettings } from "./device-settings.js";
import { PreferenceSettings } from "./preference-settings.js";
import "./settings.css";

const ICONS = { account: UserRound, devices: Laptop, blocked: Ban, preferences: Palette };

export default function Settings({
  section,
  onHelp,
}: {
  readonly section: Section;
  readonly onHelp: () => void;
}): ReactNode {
  const texts = useTexts();
  const route = useRoute();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
  }, []);
  const titles = {
    account: texts.account,
    devices: texts.devices,
    blocked: texts.blockedShort,
    preferences: texts.preferences,
  };
  const closed = { ...route, settings: undefined };
  return (
    <div
      className="settings"
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.defaultPrevented && !isComposing(event)) {
          go(closed);
        }
      }}
    >
      <header className="bar">
        <IconLink className="icon-button back" label={texts.back} href={hrefOf(closed)} onClick={leaving(closed)}>
          <ArrowLeft size={20} />
        </IconLink>
        <h2 ref={heading} tabIndex={-1}>
          {texts.settings}
        </h2>
        <Button kind="plain" aria-label={texts.shortcuts} onClick={onHelp}>
          <Keyboard size={18} />
          <span className="settings-help">{texts.shortcuts}</span>
        </Button>
      </header>
      <nav className="settings-tabs" aria-label={texts.settings}>
        {SETTINGS.map((one) => {
          const Icon = ICONS[one];
          return (
            <a
              key={one}
              href={hrefOf({ ...route, settings: one })}
              aria-current={one === section ? "page" : undefined}
              onClick={(event) => {
                event.preventDefault();
                go({ ...route, settings: one }, { replace: true }); // back leads out of the settings
              }}
            >
              <Icon size={18} aria-hidden="true" />
              {titles[one]}
            </a>
          );
        })}
      </nav>
      <div className="scroll">
        <div className="settings-body">
          {section === "account" ? (
            <AccountSettings />
          ) : section === "devices" ? (
            <DeviceSettings />
          ) : section === "blocked" ? (
            <BlockedSettings />
          ) : (
            <PreferenceSettings />
          )}
        </div>
      </div>
    </div>
  );
}
