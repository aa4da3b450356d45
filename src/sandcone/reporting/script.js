document.addEventListener("keydown", function (event) {
  if (event.key === "Escape") document.body.classList.add("quiet");
});
["pointerover", "focusin"].forEach(function (kind) {
  document.addEventListener(kind, function (event) {
    var quiet = document.body.classList;
    if (quiet.contains("quiet") && event.target.closest(".term")) quiet.remove("quiet");
  });
});
