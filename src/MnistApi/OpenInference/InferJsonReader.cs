using System.Text;
using System.Text.Json;
using MnistApi.Predict;
using MnistApi.Problems;

namespace MnistApi.OpenInference;

/// <summary>
/// Reads an inference request's JSON except the numbers and files in "data". Of these it only notes where they are, because how they are
/// read depends on other members, which may stand after them.
/// </summary>
internal ref struct InferJsonReader
{
    private readonly ReadOnlySpan<byte> _json;
    private readonly InferRequest _request = new();
    private Utf8JsonReader _reader;
    private int _start; // of what the reader was given

    private InferJsonReader(ReadOnlySpan<byte> json)
    {
        _json = json;
        _reader = new Utf8JsonReader(json);
    }

    /// <exception cref="RefusedException">It is no inference request.</exception>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static InferRequest Read(ReadOnlySpan<byte> json)
    {
        var reader = new InferJsonReader(json);
        reader.ReadRequest();
        return reader._request;
    }

    private void ReadRequest()
    {
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.StartObject)
            throw Malformed($"expected an object such as {{\"inputs\":[...]}}, got {Token()}");
        var hasInputs = false;
        while (Next() == JsonTokenType.PropertyName)
        {
            var member = _reader.GetString();
            if (Next() == JsonTokenType.Null)
                continue; // as good as missing
            switch (member)
            {
                case "id":
                    _request.Id = Text("id");
                    break;
                case "parameters":
                    foreach (var (name, value) in ReadParameters("parameters"))
                        _request.Set(name, value);
                    break;
                case "inputs" when hasInputs:
                    throw Malformed("'inputs' stands twice");
                case "inputs":
                    hasInputs = true;
                    ReadInputs();
                    break;
                case "outputs":
                    ReadOutputs();
                    break;
                default:
                    _reader.Skip();
                    break;
            }
        }
        if (_reader.Read())
            throw Malformed($"expected the JSON to end after its object, got {Token()}");
        if (!hasInputs)
            throw Malformed("expected a member 'inputs', got none");
    }

    private void ReadInputs()
    {
        if (_reader.TokenType != JsonTokenType.StartArray)
            throw Malformed($"inputs is {Token()}, expected an array");
        var count = 0;
        for (; Next() != JsonTokenType.EndArray; count++)
        {
            if (_reader.TokenType != JsonTokenType.StartObject)
                throw Malformed($"inputs[{count}] is {Token()}, expected an object");
            if (count == 1)
                throw Malformed($"expected one input, '{Tensors.Pixels}' or '{Tensors.Image}', got more");
            ReadInput();
        }
        if (count == 0)
            throw Malformed($"inputs is empty, expected one, '{Tensors.Pixels}' or '{Tensors.Image}'");
    }

    private void ReadInput()
    {
        var input = _request.Input;
        while (Next() == JsonTokenType.PropertyName)
        {
            var member = _reader.GetString();
            if (member == "data")
            {
                if (input.JsonData is not null)
                    throw Malformed("inputs[0] has 'data' twice");
                input.JsonData = SkipData();
                continue;
            }
            if (Next() == JsonTokenType.Null)
                continue;
            switch (member)
            {
                case "name":
                    input.Name = Text("inputs[0].name");
                    break;
                case "datatype":
                    input.DatatypeName = Text("inputs[0].datatype");
                    break;
                case "shape":
                    input.Shape = ReadShape();
                    break;
                case "parameters":
                    foreach (var (name, value) in ReadParameters("inputs[0].parameters"))
                        input.Set(name, value);
                    break;
                default:
                    _reader.Skip();
                    break;
            }
        }
    }

    private long[] ReadShape()
    {
        if (_reader.TokenType != JsonTokenType.StartArray)
            throw Malformed($"inputs[0].shape is {Token()}, expected an array of whole numbers");
        var shape = new List<long>();
        while (Next() != JsonTokenType.EndArray)
        {
            if (_reader.TokenType != JsonTokenType.Number || !_reader.TryGetInt64(out var dimension))
                throw Malformed($"inputs[0].shape[{shape.Count}] is {Token()}, expected a whole number");
            shape.Add(dimension);
        }
        return [.. shape];
    }

    /// <summary>Finds the end of an array by its brackets, and lets the reader go on there as if it had read a null in its place.</summary>
    private Range? SkipData()
    {
        var start = _start + (int)_reader.BytesConsumed;
        JsonSpace.Skip(_json, ref start);
        if (start >= _json.Length || _json[start] != '[')
        {
            if (Next() == JsonTokenType.Null)
                return null;
            throw Malformed($"inputs[0].data is {Token()}, expected an array");
        }
        var end = JsonExtent.EndOfArray(_json, start);
        var stand = new Utf8JsonReader("null"u8, isFinalBlock: false, _reader.CurrentState);
        stand.Read();
        _reader = new Utf8JsonReader(_json[end..], isFinalBlock: true, stand.CurrentState);
        _start = end;
        return start..end;
    }

    private void ReadOutputs()
    {
        if (_reader.TokenType != JsonTokenType.StartArray)
            throw Malformed($"outputs is {Token()}, expected an array");
        for (var i = 0; Next() != JsonTokenType.EndArray; i++)
        {
            if (_reader.TokenType != JsonTokenType.StartObject)
                throw Malformed($"outputs[{i}] is {Token()}, expected an object");
            string? name = null;
            List<(string, Parameter)> parameters = [];
            while (Next() == JsonTokenType.PropertyName)
            {
                var member = _reader.GetString();
                if (Next() == JsonTokenType.Null)
                    continue;
                if (member == "name")
                    name = Text($"outputs[{i}].name");
                else if (member == "parameters")
                    parameters = ReadParameters($"outputs[{i}].parameters");
                else
                    _reader.Skip();
            }
            var output = RequestedOutput.Of(name);
            foreach (var (parameter, value) in parameters)
                output = output.With(parameter, value);
            _request.Add(output);
        }
    }

    private List<(string Name, Parameter Value)> ReadParameters(string place)
    {
        if (_reader.TokenType != JsonTokenType.StartObject)
            throw Malformed($"{place} is {Token()}, expected an object");
        var parameters = new List<(string, Parameter)>();
        while (Next() == JsonTokenType.PropertyName)
        {
            var name = _reader.GetString()!;
            if (Next() == JsonTokenType.Null)
                continue;
            parameters.Add((name, _reader.TokenType switch
            {
                JsonTokenType.Number => new Parameter(Number: _reader.GetDouble()),
                JsonTokenType.String => new Parameter(Text: _reader.GetString()),
                JsonTokenType.True or JsonTokenType.False => new Parameter(Flag: _reader.GetBoolean()),
                _ => default,
            }));
            _reader.Skip(); // what is no value but an object or array of them
        }
        return parameters;
    }

    private readonly string Text(string place) => _reader.TokenType == JsonTokenType.String
        ? _reader.GetString()!
        : throw Malformed($"{place} is {Token()}, expected a string");

    private JsonTokenType Next()
    {
        _reader.Read(); // at the end of an incomplete document it throws
        return _reader.TokenType;
    }

    /// <summary>The current token as an error names it.</summary>
    private readonly string Token() => _reader.TokenType switch
    {
        JsonTokenType.None => "nothing",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.String => $"the string \"{Raw()}\"",
        _ => Raw(),
    };

    private readonly string Raw() => Quote.Of(Encoding.UTF8.GetString(_reader.ValueSpan));

    private static RefusedException Malformed(string detail) => new(Refusal.Malformed, detail);
}
