document.title = "a page for tests";
