export { ChatModel, type ModelSource } from "./chat-model.js";
