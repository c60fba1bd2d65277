// Programs that send the picture just drawn, each ready to run: LANGUAGE -> ({ service, png as base64, isNumber, hasKey }) -> text.
// The key itself is not written: what is copied is passed on.

const path = isNumber => `predict${isNumber ? "?expect=number" : ""}`;
const answer = isNumber => isNumber ? "number" : "digit";

export const SNIPPETS = {
  curl: ({ service, png, isNumber, hasKey }) => `echo ${png} |
  base64 -d |
  curl -H 'Content-Type: image/png' ${hasKey ? "-H 'X-Api-Key: YOUR-KEY' " : ""}--data-binary @- ${service}/${path(isNumber)}
`,
  "C#": ({ service, png, isNumber, hasKey }) => `using System.Text.Json;

var png = Convert.FromBase64String(
    "${png}");

using var client = new HttpClient { BaseAddress = new Uri("${service}/") };
${hasKey ? `client.DefaultRequestHeaders.Add("X-Api-Key", "YOUR-KEY");
` : ""}using var body = new ByteArrayContent(png) { Headers = { ContentType = new("image/png") } };
using var response = await client.PostAsync("${path(isNumber)}", body);
using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
Console.WriteLine(answer.RootElement.GetProperty("predictions")[0].GetProperty("${answer(isNumber)}"));
`,
  Python: ({ service, png, isNumber, hasKey }) => `import base64, json, urllib.request

png = base64.b64decode(
    "${png}")

request = urllib.request.Request(
  "${service}/${path(isNumber)}", png, {"Content-Type": "image/png"${hasKey ? ', "X-Api-Key": "YOUR-KEY"' : ""}})
with urllib.request.urlopen(request) as response:
    print(json.load(response)["predictions"][0]["${answer(isNumber)}"])
`,
  JavaScript: ({ service, png, isNumber, hasKey }) => `const png = Uint8Array.from(atob(
  "${png}"), c => c.charCodeAt(0));

const response = await fetch("${service}/${path(isNumber)}", {
  method: "POST",
  headers: { "Content-Type": "image/png"${hasKey ? ', "X-Api-Key": "YOUR-KEY"' : ""} },
  body: png,
});
console.log((await response.json()).predictions[0].${answer(isNumber)});
`,
};
