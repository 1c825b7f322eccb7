const root = document.getElementById("root");
const heading = document.createElement("h1");
heading.textContent = "Message Center";
const link = document.createElement("a");
link.href = "/docs/";
link.textContent = "REST and WebSocket are described here";
root?.append(heading, link);
