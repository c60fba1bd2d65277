// Programs that send the picture just drawn, each ready to run: LANGUAGE -> (address of the service, picture as base64) -> text.

export const SNIPPETS = {
  curl: (service, png) => `echo ${png} |
  base64 -d |
  curl -H 'Content-Type: image/png' --data-binary @- ${service}/predict
`,
  "C#": (service, png) => `using System.Text.Json;

var png = Convert.FromBase64String(
    "${png}");

using var client = new HttpClient { BaseAddress = new Uri("${service}/") };
using var body = new ByteArrayContent(png) { Headers = { ContentType = new("image/png") } };
using var response = await client.PostAsync("predict", body);
using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
Console.WriteLine(answer.RootElement.GetProperty("predictions")[0].GetProperty("digit"));
`,
  Python: (service, png) => `import base64, json, urllib.request

png = base64.b64decode(
    "${png}")

request = urllib.request.Request("${service}/predict", png, {"Content-Type": "image/png"})
with urllib.request.urlopen(request) as response:
    print(json.load(response)["predictions"][0]["digit"])
`,
  JavaScript: (service, png) => `const png = Uint8Array.from(atob(
  "${png}"), c => c.charCodeAt(0));

const response = await fetch("${service}/predict", {
  method: "POST",
  headers: { "Content-Type": "image/png" },
  body: png,
});
console.log((await response.json()).predictions[0].digit);
`,
};
