using System.Runtime.InteropServices;
using System.Text.Json;

namespace MnistApi.OpenInference;

/// <summary>
/// Reads an inference request's JSON except the numbers and files in "data". Of these it only notes where they are, because how they are
/// read depends on other members, which may stand after them.
/// </summary>
internal static class InferJsonReader
{
    private const int MaxBytes = 1 << 20; // beside the data; a document of JSON takes twelve bytes a token

    public static InferRequest Read(ReadOnlySpan<byte> json)
    {
        var data = new List<Range>();
        var rest = JsonExtent.WithoutData(json, data);
        if (rest.Length > MaxBytes)
        {
            throw new RefusedException(Refusal.TooLarge,
                $"expected at most {MaxBytes} bytes of JSON beside inputs[0].data, got {rest.Length}");
        }
        using var document = JsonDocument.Parse(rest);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            throw Malformed($"expected an object such as {{\"inputs\":[...]}}, got {Token(root)}");
        var request = new InferRequest { Id = Text(root, "", "id") };
        foreach (var (name, value) in Parameters(root, ""))
            request.Set(name, value);
        var inputs = Array(root, "", "inputs") ?? throw Malformed("expected a member 'inputs', got none");
        ReadInput(Single(inputs), data is [var range] ? range : null, request.Input);
        if (data.Count > 1)
            throw Malformed($"expected one 'data', got {data.Count}");
        foreach (var (i, output) in (Array(root, "", "outputs")?.EnumerateArray() ?? []).Index())
            request.Add(ReadOutput(output, $"outputs[{i}]."));
        return request;
    }

    private static JsonElement Single(JsonElement inputs)
    {
        var count = inputs.GetArrayLength();
        if (count == 0)
            throw Malformed($"inputs is empty, expected one, '{Tensors.Pixels}' or '{Tensors.Image}'");
        return count == 1 ? inputs[0] : throw Malformed($"expected one input, '{Tensors.Pixels}' or '{Tensors.Image}', got more");
    }

    private static void ReadInput(JsonElement element, Range? data, InputTensor input)
    {
        const string Place = "inputs[0].";
        input.Name = Text(element, Place, "name");
        input.DatatypeName = Text(element, Place, "datatype");
        if (Array(element, Place, "shape", "an array of whole numbers") is { } shape)
            input.Shape = [.. shape.EnumerateArray().Select(Dimension)];
        foreach (var (name, value) in Parameters(element, Place))
            input.Set(name, value);
        if (Array(element, Place, "data") is not null)
            input.JsonData = data;

        static long Dimension(JsonElement size, int index) => size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out var dimension)
            ? dimension
            : throw Malformed($"{Place}shape[{index}] is {Token(size)}, expected a whole number");
    }

    private static RequestedOutput ReadOutput(JsonElement element, string place) =>
        Parameters(element, place).Aggregate(RequestedOutput.Of(Text(element, place, "name")),
            (output, parameter) => output.With(parameter.Name, parameter.Value));

    private static IEnumerable<(string Name, Parameter Value)> Parameters(JsonElement parent, string place) =>
        (Member(parent, place, "parameters", JsonValueKind.Object, "an object")?.EnumerateObject() ?? [])
            .Where(parameter => parameter.Value.ValueKind != JsonValueKind.Null)
            .Select(parameter => (parameter.Name, parameter.Value.ValueKind switch
            {
                JsonValueKind.Number => new Parameter(Number: parameter.Value.GetDouble()),
                JsonValueKind.String => new Parameter(Text: parameter.Value.GetString()),
                JsonValueKind.True or JsonValueKind.False => new Parameter(Flag: parameter.Value.GetBoolean()),
                _ => default,
            }));

    private static string? Text(JsonElement parent, string place, string name) =>
        Member(parent, place, name, JsonValueKind.String, "a string")?.GetString();

    private static JsonElement? Array(JsonElement parent, string place, string name, string expected = "an array") =>
        Member(parent, place, name, JsonValueKind.Array, expected);

    /// <summary>A member of an object; null where it is missing, or null, which is as good.</summary>
    private static JsonElement? Member(JsonElement parent, string place, string name, JsonValueKind kind, string expected)
    {
        if (parent.ValueKind != JsonValueKind.Object)
            throw Malformed($"{place.TrimEnd('.')} is {Token(parent)}, expected an object");
        JsonElement? found = null;
        foreach (var member in parent.EnumerateObject())
        {
            if (member.NameEquals(name))
                found = found is null ? member.Value : throw Malformed($"'{place}{name}' stands twice");
        }
        if (found is not { ValueKind: not JsonValueKind.Null } value)
            return null;
        return value.ValueKind == kind ? value : throw Malformed($"{place}{name} is {Token(value)}, expected {expected}");
    }

    private static string Token(JsonElement element)
    {
        var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(element));
        reader.Read();
        return JsonToken.Name(in reader);
    }
}
