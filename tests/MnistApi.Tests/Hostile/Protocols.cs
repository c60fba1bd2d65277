using System.Buffers.Binary;
using System.Text;
using static MnistApi.Tests.Hostile.Attack;

namespace MnistApi.Tests.Hostile;

/// <summary>Attacks on the serving protocols: lengths that lie, shapes that overflow, data of the wrong kind.</summary>
internal static class Protocols
{
    private const string Class = "Open Inference Protocol, TensorFlow Serving";
    private const string Infer = "/v2/models/mnist/infer";
    private const int Many = 1_000_000;

    public static IEnumerable<Attack> All()
    {
        foreach (var shape in new[]
        {
            "[]", "[0,784]", "[-1,784]", "[9223372036854775807,784]", "[4611686018427387905,4]", "[2147483648,2147483648]", "[1e3,784]",
            "[1,784.5]", "{}", "null", "[[1]]",
            $"[{string.Join(',', Enumerable.Repeat("1", Many))}]", $"[{new string('9', Many)}]",
        })
        {
            yield return Json($"the shape {Short(shape)}", Pixels(shape, "[0]"));
        }
        foreach (var data in new[] { "[1,2]", "[\"a\"]", "[null]", "{}", "0", "[1e999]", "[NaN]", "[", "[[[[[[[[[[[[0]]]]]]]]]]]]",
            new string('[', Many), $"[{string.Join(',', Enumerable.Repeat("0", Many))}]", "[\"\\ud800\"]" })
        {
            yield return Json($"the data {Short(data)}", Pixels("[1,784]", data));
        }
        foreach (var member in new[]
        {
            "\"id\":1", "\"id\":\"\\ud800\"", "\"parameters\":[]", "\"parameters\":{\"scale\":1e999}", "\"outputs\":[{\"name\":\"x\"}]",
            "\"outputs\":[{\"name\":\"digit\"},{\"name\":\"digit\"}]", "\"inputs\":[]", $"\"x\":{new string('[', 100)}", "\"\\ud800\":1",
        })
        {
            yield return Json($"the member {Short(member)}", $"{{{member},{Input(784)}}}");
        }
        yield return Json("a datatype of a megabyte", Pixels("[1,784]", "[]", datatype: new string('x', Many)));
        yield return Json("a name of a megabyte", Pixels("[1,784]", "[]", name: new string('x', Many)));
        yield return Json("a name with control characters", Pixels("[1,784]", "[]", name: "\\u001b[31m\\r\\n"));
        yield return Json("two inputs", "{\"inputs\":[{\"name\":\"pixels\"},{\"name\":\"pixels\"}]}");
        yield return Json("a million inputs", $"{{\"inputs\":[{string.Join(',', Enumerable.Repeat("{}", Many))}]}}");
        foreach (var size in new[] { "-1", "1e300", "9223372036854775807", "784.5", "\"784\"", "785" })
            yield return Binary($"binary_data_size {size}", BinaryInput(size), new byte[784]);
        foreach (var length in new[] { "-1", "+5", "99999999999999999999", "0x10", "100000", "", "5, 5" })
        {
            yield return new Attack(Class, $"a JSON length of '{length}'",
                Request("POST", Infer, new byte[784], $"Inference-Header-Content-Length: {length}"), 400);
        }
        foreach (var length in new uint[] { 0, 5, int.MaxValue, uint.MaxValue })
            yield return Binary($"an element of {length} bytes", BinaryInput("8", "image", "BYTES", "[1,1]"), Element(length));
        yield return Binary("a million elements", BinaryInput("4", "image", "BYTES", "[1000000,1]"), new byte[4]);
        yield return Json("no length", "");
        foreach (var body in new[]
        {
            "{", "[]", "{\"instances\":[{\"pixels\":[[[[[]]]]]}]}", "{\"inputs\":{}}", "{\"inputs\":{\"pixels\":7}}",
            "{\"instances\":[{\"image\":{\"b64\":\"\\ud800\"}}]}", "{\"signature_name\":1,\"instances\":[]}",
            "{\"instances\":[],\"inputs\":[]}",
        })
        {
            yield return new Attack(Class, $"TensorFlow Serving: {body}",
                Request("POST", "/v1/models/mnist:predict", Encoding.UTF8.GetBytes(body), "Content-Type: application/json"), 400);
        }
        foreach (var path in new[] { "/v2/models/other/infer", "/v2/models/..%2fmnist/infer", $"/v2/models/{new string('a', 5000)}/infer",
            "/v1/models/other:predict" })
        {
            yield return new Attack(Class, Short(path), Request("POST", path, [], "Content-Type: application/json"), 404);
        }
    }

    private static string Input(int numbers) => $$"""
        "inputs":[{"name":"pixels","datatype":"FP32","shape":[1,784],"data":[{{string.Join(',', Enumerable.Repeat("0", numbers))}}]}]
        """;

    private static string Pixels(string shape, string data, string name = "pixels", string datatype = "FP32") =>
        $"{{\"inputs\":[{{\"name\":\"{name}\",\"datatype\":\"{datatype}\",\"shape\":{shape},\"data\":{data}}}]}}";

    private static string BinaryInput(string size, string name = "pixels", string datatype = "UINT8", string shape = "[1,784]") =>
        $"{{\"inputs\":[{{\"name\":\"{name}\",\"datatype\":\"{datatype}\",\"shape\":{shape},"
        + $"\"parameters\":{{\"binary_data_size\":{size}}}}}]}}";

    private static string Short(string text) => text[..Math.Min(40, text.Length)];

    private static byte[] Element(uint length)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, length);
        return bytes;
    }

    /// <summary>Each is refused, but for the members that mean nothing here.</summary>
    private static Attack Json(string name, string json) =>
        new(Class, name, Request("POST", Infer, Encoding.UTF8.GetBytes(json), "Content-Type: application/json"), 400, 413, 200);

    private static Attack Binary(string name, string json, byte[] data) =>
        new(Class, name, Request("POST", Infer, [.. Encoding.UTF8.GetBytes(json), .. data],
            $"Inference-Header-Content-Length: {Encoding.UTF8.GetByteCount(json)}"), 400, 413);
}
