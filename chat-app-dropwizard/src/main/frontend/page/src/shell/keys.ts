/** Whether keys are as on a Mac, where Option writes letters and Control moves the caret: neither may do anything else there. */
export function isApple(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.userAgent);
}
