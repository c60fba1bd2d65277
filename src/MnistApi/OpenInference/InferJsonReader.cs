using System.Text;
using System.Text.Json;
using MnistApi.Problems;

namespace MnistApi.OpenInference;

/// <summary>
/// Reads an inference request's JSON except the numbers and files in "data": of these it only notes where they are, for they are to be read
/// by what the other members say, which may stand after them.
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
            if (_reader.ValueTextEquals("id"u8))
            {
                _request.Id = Next() == JsonTokenType.String ? _reader.GetString() : throw Malformed($"id is {Token()}, expected a string");
            }
            else if (_reader.ValueTextEquals("parameters"u8))
            {
                foreach (var (name, value) in ReadParameters("parameters"))
                    _request.Set(name, value);
            }
            else if (_reader.ValueTextEquals("inputs"u8))
            {
                if (hasInputs)
                    throw Malformed("'inputs' stands twice");
                hasInputs = true;
                ReadInputs();
            }
            else if (_reader.ValueTextEquals("outputs"u8))
            {
                ReadOutputs();
            }
            else
            {
                _reader.Skip();
            }
        }
        if (_reader.Read())
            throw Malformed($"expected the JSON to end after its object, got {Token()}");
        if (!hasInputs)
            throw Malformed("expected a member 'inputs', got none");
    }

    private void ReadInputs()
    {
        if (Next() != JsonTokenType.StartArray)
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
            if (_reader.ValueTextEquals("name"u8))
            {
                input.Name = ReadText("inputs[0].name");
            }
            else if (_reader.ValueTextEquals("datatype"u8))
            {
                input.DatatypeName = ReadText("inputs[0].datatype");
            }
            else if (_reader.ValueTextEquals("shape"u8))
            {
                input.Shape = ReadShape();
            }
            else if (_reader.ValueTextEquals("parameters"u8))
            {
                foreach (var (name, value) in ReadParameters("inputs[0].parameters"))
                    input.Set(name, value);
            }
            else if (_reader.ValueTextEquals("data"u8))
            {
                if (input.JsonData is not null)
                    throw Malformed("inputs[0] has 'data' twice");
                input.JsonData = SkipData();
            }
            else
            {
                _reader.Skip();
            }
        }
    }

    private long[] ReadShape()
    {
        if (Next() != JsonTokenType.StartArray)
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
    private Range SkipData()
    {
        var start = _start + (int)_reader.BytesConsumed;
        while (start < _json.Length && _json[start] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            start++;
        if (start >= _json.Length || _json[start] != '[')
        {
            Next();
            throw Malformed($"inputs[0].data is {Token()}, expected an array");
        }
        var end = EndOfArray(_json, start);
        var stand = new Utf8JsonReader("null"u8, isFinalBlock: false, _reader.CurrentState);
        stand.Read();
        _reader = new Utf8JsonReader(_json[end..], isFinalBlock: true, stand.CurrentState);
        _start = end;
        return start..end;
    }

    private static int EndOfArray(ReadOnlySpan<byte> json, int start)
    {
        var depth = 0;
        var at = start;
        do
        {
            var next = json[at..].IndexOfAny((byte)'[', (byte)']', (byte)'"');
            if (next < 0)
                throw Malformed("the body is not valid JSON: inputs[0].data is not closed");
            at += next + 1;
            if (json[at - 1] == '"')
                at = EndOfString(json, at);
            else
                depth += json[at - 1] == '[' ? 1 : -1;
        }
        while (depth > 0);
        return at;
    }

    private static int EndOfString(ReadOnlySpan<byte> json, int at)
    {
        while (true)
        {
            var next = json[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (next < 0)
                throw Malformed("the body is not valid JSON: a string in inputs[0].data is not closed");
            at += next + 1;
            if (json[at - 1] == '"')
                return at;
            at = Math.Min(at + 1, json.Length); // what is escaped
        }
    }

    private void ReadOutputs()
    {
        if (Next() != JsonTokenType.StartArray)
            throw Malformed($"outputs is {Token()}, expected an array");
        for (var i = 0; Next() != JsonTokenType.EndArray; i++)
        {
            if (_reader.TokenType != JsonTokenType.StartObject)
                throw Malformed($"outputs[{i}] is {Token()}, expected an object");
            string? name = null;
            List<(string, Parameter)> parameters = [];
            while (Next() == JsonTokenType.PropertyName)
            {
                if (_reader.ValueTextEquals("name"u8))
                    name = ReadText($"outputs[{i}].name");
                else if (_reader.ValueTextEquals("parameters"u8))
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
        if (Next() != JsonTokenType.StartObject)
            throw Malformed($"{place} is {Token()}, expected an object");
        var parameters = new List<(string, Parameter)>();
        while (Next() == JsonTokenType.PropertyName)
        {
            var name = _reader.GetString()!;
            parameters.Add((name, Next() switch
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

    private string ReadText(string place) =>
        Next() == JsonTokenType.String ? _reader.GetString()! : throw Malformed($"{place} is {Token()}, expected a string");

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
