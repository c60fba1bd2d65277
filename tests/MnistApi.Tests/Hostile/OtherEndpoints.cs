using static MnistApi.Tests.Hostile.Attack;
using static MnistApi.Tests.Pictures;

namespace MnistApi.Tests.Hostile;

/// <summary>Attacks on addresses, parameters, methods and content types.</summary>
internal static class OtherEndpoints
{
    public static IEnumerable<Attack> All()
    {
        const string Class = "other endpoints and parameters";
        foreach (var batch in new[] { "0", "-1", "1e9", "99999999999999999999", "%00", "NaN", "1;2", new string('9', 6000) })
        {
            yield return new Attack(
                Class, $"/eval?batch={batch[..Math.Min(20, batch.Length)]}", Request("GET", $"/eval?batch={batch}", []), 400);
        }
        foreach (var query in new[] { "preprocess=x", "include=%ff", "preprocess=auto&preprocess=none",
            string.Join('&', Enumerable.Repeat("a=b", 1800)) })
        {
            var request = Request("POST", $"/predict?{query}", SevenPng, "Content-Type: image/png");
            yield return new Attack(Class, $"/predict?{query[..Math.Min(30, query.Length)]}", request, 200, 400);
        }
        foreach (var target in new[] { "/..%2f..%2fetc/passwd", "//etc/passwd", "/%2e%2e/%2e%2e/etc/passwd",
            "/swagger/..%5c..%5cappsettings.json", "/%c0%ae", "/\u00e9", "/a%00b", "/predict/" + new string('a', 7000) })
        {
            yield return new Attack(Class, $"GET {target[..Math.Min(30, target.Length)]}", Request("GET", target, []), 400, 404);
        }
        foreach (var x in new[] { "NaN", "1e999", "-1e999", "1,,2", ",", "0x1", "%00", string.Join(',', Enumerable.Repeat("1", 2000)),
            new string('1', 7000), "1;2" })
        {
            var request = Request("GET", $"/activations/softmax?x={x}", []);
            yield return new Attack(Class, $"/activations/softmax?x={x[..Math.Min(20, x.Length)]}", request, 400);
        }
        foreach (var target in new[]
        {
            "/activations/nonsense", "/activations/..%2fmodel", "/activations/softmax/plot.svg?against=%3Cscript%3E",
                "/model/layers/0/weights", "/model/layers/-1/weights", "/model/layers/99999999999999999999/weights",
            "/model/layers/1/units/50.png", "/model/layers/1/units/-1.png", "/dataset/test/-1.png", "/dataset/nonsense/0.png",
                "/dataset/..%2f..%2fetc/passwd.png",
            "/page/x/..%2fappsettings.json", "/page/x/%2e%2e%2fappsettings.json",
        })
        {
            yield return new Attack(Class, $"GET {target}", Request("GET", target, []), 400, 404);
        }
        foreach (var method in new[] { "PUT", "DELETE", "TRACE", "PROPFIND", "A", new string('M', 500) })
            yield return new Attack(Class, $"{method[..Math.Min(10, method.Length)]} /predict", Request(method, "/predict", []), 400, 405);
        foreach (var path in new[] { "/eval", "/model", "/health/live", "/swagger/v1/swagger.json", "/nowhere" })
        {
            yield return new Attack(Class, $"POST {path} with 15 MiB", Request("POST", path, new byte[15 << 20]), 404, 405);
            if (path != "/eval") // it needs MNIST, which may be missing
                yield return new Attack(Class, $"GET {path} with a body", Request("GET", path, new byte[1000]), 200, 404);
        }
        foreach (var type in new[] { "", ";", "image/png; q=\"", "text/html", "a/" + new string('b', 4000),
            "application/x-www-form-urlencoded", "image/*" })
        {
            yield return new Attack(Class, $"Content-Type: {type[..Math.Min(20, type.Length)]}", Post(type, SevenPng), 415, 200);
        }
    }
}
