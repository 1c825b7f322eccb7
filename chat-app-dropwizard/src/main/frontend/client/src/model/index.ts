export { ChatModel } from "./chat-model.js";
