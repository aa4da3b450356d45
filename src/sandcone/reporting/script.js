document.addEventListener("keydown", function (event) {
  if (event.key === "Escape") document.body.classList.add("quiet");
});
document.querySelectorAll(".map-box").forEach(function (box) {
  var start = box.querySelector("rect.end").getBoundingClientRect();
  box.scrollLeft = start.left + start.width / 2 - box.getBoundingClientRect().left - box.clientWidth / 2;
});
["pointerover", "focusin"].forEach(function (kind) {
  document.addEventListener(kind, function (event) {
    var quiet = document.body.classList;
    if (quiet.contains("quiet") && event.target.closest(".term")) quiet.remove("quiet");
  });
});
