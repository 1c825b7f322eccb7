import { written } from "./numbers.js";
import { plurals } from "./plurals.js";

const plural = plurals("en");

/** A name that is written from right to left stands by itself in a sentence of this direction. */
const name = (user: string): string =>
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(user)
    ? `\u2068${user}\u2069`
    : user;

/** Every text of the page. The other languages have the same ones. None has digits in it: those are the reader's. */
export const en = {
  appName: "Message Center",

  // At the door
  welcome: "Good conversations, nothing lost.",
  signIn: "Sign in",
  signUp: "Create account",
  newHere: "New here?",
  haveAccount: "Have an account already?",
  username: "Username",
  usernameHint: "Letters, digits and @ . + - _",
  password: "Password",
  newPassword: "New password",
  get passwordHint() {
    return `At least ${written(8)} characters. A few words in a row are a good one.`;
  },
  currentPassword: "Current password",
  showPassword: "Show password",
  hidePassword: "Hide password",
  email: "Email",
  emailOptional: "Email (optional)",
  emailHint: "Only used to reset a forgotten password.",
  forgot: "Forgot your password?",
  forgotTitle: "Forgot your password",
  forgotHint: "Enter your username or email address. If there is an account with an address, it gets a link.",
  usernameOrEmail: "Username or email",
  sendLink: "Send the link",
  get linkSent() {
    return `If that account exists and has an address, a link is on its way. It works once, for ${written(15)} minutes.`;
  },
  backToSignIn: "Back to sign in",
  resetTitle: "Choose a new password",
  resetHint: "You will be signed out on all devices, and sign in with the new one.",
  savePassword: "Save password",
  linkInvalid: "This link is too old, or was used already. Ask for another one.",
  noticeEnded: "Your session has ended. Sign in to go on; what you wrote is kept.",
  noticeSomebodyElse: (user: string) => `${name(user)} has signed in in this browser.`,
  goOnAs: (user: string) => `Go on as ${name(user)}`,
  noticePasswordReset: "Your password is changed. Sign in with the new one.",
  noticePasswordResetBeside: (user: string) =>
    `The password is changed. ${name(user)} is still signed in in this browser.`,
  noticeErased: "Your account is erased, and all you wrote with it.",

  // What can go wrong
  wrongCredentials: "This is not the right username and password.",
  usernameTaken: "This name is taken.",
  signUpClosed: "Accounts are not opened here.",
  get invalidUsername() {
    return `Use up to ${written(150)} letters, digits and @ . + - _`;
  },
  get tooShort() {
    return `Use at least ${written(8)} characters.`;
  },
  tooCommon: "This password is too common.",
  notYourPassword: "This is not your password.",
  invalidEmail: "This is not an email address.",
  required: "Please fill this in.",
  tooMany: (seconds: number | undefined) =>
    seconds === undefined || seconds < 60
      ? "Too many attempts. Wait a moment."
      : `Too many attempts. Try again in ${plural(Math.ceil(seconds / 60), { one: "# minute", other: "# minutes" })}.`,
  noAnswer: "No answer. Check your connection and try again.",
  failed: "That did not work. Try again.",
  notAllowed: "This is not allowed.",
  notFound: "This is not there any more.",
  noWord: "There is no word in it to look for.",
  tooMuchToFind: "This is too much to look for at once.",
  tooLong: "This message is too long.",
  tooLongBy: (count: number) => `${plural(count, { one: "# character", other: "# characters" })} too long to be sent.`,
  tryAgain: "Try again",
  crashed: "Something went wrong on this page",
  crashedHint: "Nothing you sent is lost. Load the page again to go on.",
  reload: "Load again",

  // Shell
  skipToConversation: "Skip to the conversation",
  unreachable: "The service does not answer",
  unreachableHint: "It is tried again by itself, every few seconds.",
  offline: "You are offline. What you write is sent when you are back.",
  unkept: "This browser cannot keep what is not sent yet. Stay on this page until it is sent.",
  reconnecting: "Reconnecting…",
  reconnectingIn: (seconds: number) =>
    `No connection. Next attempt in ${plural(seconds, { one: "# second", other: "# seconds" })}.`,
  connectedAgain: "Connected again",
  tryNow: "Try now",
  halted: "The page cannot go on. Load it again; nothing is lost.",
  titleUnread: (count: number, orMore: boolean) => `(${written(count)}${orMore ? "+" : ""}) Message Center`,
  close: "Close",
  back: "Back",
  cancel: "Cancel",
  more: "More",

  // Conversations
  conversations: "Conversations",
  newConversation: "New conversation",
  searchMessages: "Search messages",
  settings: "Settings",
  menu: "Menu",
  unread: (count: number) => plural(count, { one: "# unread message", other: "# unread messages" }),
  online: "Online",
  lastSeen: (when: string) => `Last seen ${when}`,
  you: "You",
  yourself: (user: string) => `${name(user)} (you)`,
  draft: "Draft:",
  noMessagesYet: "No messages yet",
  typing: "is writing…",
  typingShort: "writing…",
  noConversations: "No conversations yet",
  noConversationsHint: "Find somebody by name and say hello.",
  findPeople: "Find people",
  nothingOpen: "Pick a conversation",
  nothingOpenHint: "Or start a new one.",
  kept: "What you write is kept, even when you are offline.",
  couldNotLoad: "This could not be loaded.",
  loading: "Loading…",

  // People
  searchPeople: "Search people by name",
  noPeople: (start: string) =>
    start === "" ? "Nobody else is here yet." : `Nobody's name begins with “${name(start)}”.`,
  peopleFound: (count: number, more: boolean) =>
    more ? `More than ${written(count)} people` : plural(count, { one: "# person", other: "# people" }),

  // Conversation
  messagesWith: (user: string) => `Messages with ${name(user)}`,
  nobody: (user: string) => `There is nobody called ${name(user)}.`,
  sayHello: (user: string) => `Say hello to ${name(user)}`,
  sayHelloHint: "This is the beginning of your conversation.",
  beginning: (user: string) => `This is where your conversation with ${name(user)} begins.`,
  today: "Today",
  yesterday: "Yesterday",
  newMessages: "New messages",
  olderFailed: "Older messages could not be loaded.",
  editNoAnswer: "Not saved: no answer. What you changed stays here; save it once you are connected.",
  editUnsent: "This message was deleted meanwhile. What you changed stays here until you cancel.",
  placeFailed: "The message could not be loaded.",
  newerFailed: "Newer messages could not be loaded.",
  toNewest: "To the newest message",
  toNewestUnread: (count: number) =>
    plural(count, { one: "# new message. Go to the newest", other: "# new messages. Go to the newest" }),
  write: (user: string) => `Write to ${name(user)}`,
  placeholder: "Write a message",
  send: "Send",
  emoji: "Emoji",
  sending: "Sending",
  sent: "Sent",
  delivered: "Delivered",
  read: "Read",
  notSent: "Not sent",
  notSentReason: (reason: string) => `Not sent: ${reason}`,
  notSentTo: (user: string, reason: string) => `Not sent to ${name(user)}: ${reason}`,
  blockedYou: "they do not take messages from you",
  gone: "there is no such account any more",
  edited: "edited",
  editedAt: (when: string) => `Edited ${when}`,
  unsent: "Message deleted",
  actions: "Actions",
  reply: "Reply",
  toQuoted: "Go to the quoted message",
  copy: "Copy text",
  copied: "Copied",
  edit: "Edit",
  unsend: "Unsend",
  unsendTitle: "Unsend this message?",
  unsendHint: "It disappears for both of you. Its place stays.",
  discard: "Discard",
  replyingTo: (user: string) => `Replying to ${name(user)}`,
  replyingToYourself: "Replying to yourself",
  replyTo: (user: string) => `In reply to ${name(user)}`,
  editing: "Editing message",
  save: "Save",
  notThere: "This message is not there any more",
  /** By whom a message is, and when it was written. */
  messageOf: (user: string, when: string) => `${name(user)}, ${when}`,
  saidBy: (user: string, body: string) => `${name(user)}: ${body}`,
  newFrom: (count: number, user: string) =>
    plural(count, { one: `# new message from ${name(user)}`, other: `# new messages from ${name(user)}` }),
  newIn: (count: number, conversations: number) =>
    `${plural(count, { one: "# new message", other: "# new messages" })} in ${plural(conversations, { one: "# conversation", other: "# conversations" })}`,
  block: (user: string) => `Block ${name(user)}`,
  unblock: (user: string) => `Unblock ${name(user)}`,
  unblockShort: "Unblock",
  blockTitle: (user: string) => `Block ${name(user)}?`,
  blockHint:
    "They cannot write to you, and do not see whether you are online or have read something. They are not told.",
  blockShort: "Block",
  isBlocked: (user: string) => `You have blocked ${name(user)}.`,
  isGone: (user: string) => `There is no account ${name(user)} any more.`,
  searchHere: "Search in this conversation",
  closeConversation: "Close conversation",

  // Emoji
  emojiGroups: ["Faces", "Gestures", "Hearts", "Nature", "Food", "Things"],

  // Search
  search: "Search",
  searchIn: (user: string) => `Search with ${name(user)}`,
  searchEverywhere: "Search everywhere",
  searchHint: "Find words in everything you wrote and received.",
  noHits: (words: string) => `No message has “${name(words)}” in it.`,
  hits: (count: number, more: boolean) =>
    more ? `More than ${written(count)} messages` : plural(count, { one: "# message", other: "# messages" }),
  loadMore: "Load more",
  clear: "Clear",

  // Settings
  account: "Account",
  devices: "Devices",
  blockedShort: "Blocked",
  blockedPeople: "Blocked people",
  preferences: "Preferences",
  signedInAs: (user: string) => `Signed in as ${name(user)}`,
  memberSince: (when: string) => `Since ${when}`,
  signOut: "Sign out",
  signOutTitle: (unsent: number) =>
    plural(unsent, { one: "# message is not sent yet", other: "# messages are not sent yet" }),
  signOutHint: "What is not sent is gone once you sign out.",
  signOutAnyway: "Sign out anyway",
  emailTitle: "Email address",
  emailNone: "Without one, a forgotten password cannot be replaced.",
  saved: "Saved",
  passwordTitle: "Password",
  passwordChangeHint: "All your other devices are signed out.",
  changePassword: "Change password",
  passwordChanged: "Your password is changed.",
  exportTitle: "Your data",
  exportHint: "Everything that is yours, messages included, as one JSON file.",
  exportButton: "Download my data",
  exporting: "Collecting…",
  eraseTitle: "Delete account",
  eraseHint: "Your account and all you wrote are erased for good. Nobody can take your name afterwards.",
  eraseButton: "Delete my account",
  eraseConfirm: "Delete your account for good?",
  eraseForGood: "Delete for good",
  devicesTitle: "Signed in on these devices",
  devicesHint: "If you do not know one of them, sign it out and change your password.",
  thisDevice: "This device",
  unknownDevice: "Unknown device",
  deviceOn: (browser: string, system: string) => `${browser} on ${system}`,
  since: (when: string) => `Since ${when}`,
  endSession: "Sign out",
  endSessionOf: (device: string) => `Sign out ${device}`,
  endOthers: "Sign out all other devices",
  noOthers: "You are signed in nowhere else.",
  sessionEnded: "Signed out there",
  blockedHint: "They cannot write to you, and do not see whether you are online.",
  noBlocked: "You have blocked nobody.",
  noBlockedHint:
    "You can block somebody in the menu of a conversation. They cannot write to you then, do not see whether you are online, and are not told.",
  unblocked: (user: string) => `${name(user)} is not blocked any more`,
  appearance: "Appearance",
  themeSystem: "As the system",
  themeLight: "Light",
  themeDark: "Dark",
  language: "Language",
  languageSystem: "As the browser",
  notifications: "Notifications",
  notify: "Tell me of new messages on the desktop",
  notifyHint: "While no tab of this page can be seen.",
  notifyDenied: "Your browser does not allow notifications from here. Allow them in its settings first.",
  notifyNone: "This browser has no notifications.",
  shortcuts: "Keyboard shortcuts",
  shortcutSearch: "Search messages",
  shortcutNew: "New conversation",
  shortcutNext: "Next and previous conversation",
  shortcutList: "Move through conversations or messages",
  shortcutActions: "Actions of the focused message",
  shortcutSend: "Send",
  shortcutLine: "New line",
  shortcutEdit: "Edit the last message, while nothing is typed",
  shortcutEscape: "Cancel, close, or go back",
  shortcutHelp: "These shortcuts",
  keys: { enter: "Enter", shift: "Shift", escape: "Esc", ctrl: "Ctrl", alt: "Alt" },
};

export type Texts = typeof en;
