// Reads the code of a household's card with the camera where the browser can; everywhere else the text field does.
"use strict";
const button = document.querySelector("[data-scan]");
const finder = document.querySelector("[data-viewfinder]");
const form = document.getElementById("scan-form");

async function scan() {
  const video = finder.querySelector("video");
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  finder.hidden = false;
  video.srcObject = stream;
  await video.play();
  const stop = () => { for (const track of stream.getTracks()) track.stop(); };
  window.addEventListener("pagehide", stop, { once: true });
  const look = async () => {
    const [code] = await detector.detect(video).catch(() => []);
    if (!code) return void setTimeout(look, 200);
    stop();
    form.querySelector("[name=q]").value = code.rawValue;
    form.requestSubmit();
  };
  look();
}

if ("BarcodeDetector" in window && navigator.mediaDevices?.getUserMedia) {
  button.hidden = false;
  button.addEventListener("click", () => scan().catch(() => { finder.hidden = true; button.hidden = true; }));
}
