// Marks that scripts run, before anything is drawn: controls that only help without scripts stay hidden.
document.documentElement.classList.add("js");
