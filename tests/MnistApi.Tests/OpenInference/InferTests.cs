using System.Globalization;
using System.Text;

namespace MnistApi.Tests.OpenInference;

public sealed class InferTests(Service service) : IClassFixture<Service>
{
    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task Without_a_wish_all_outputs_come()
    {
        var (answer, _) = await _client.InferAsync(Infer.Pixels(Pictures.SevenJson)).AnswerAsync();
        Assert.Equal("mnist", (string)answer["model_name"]!);
        Assert.Equal("1", (string)answer["model_version"]!);
        Assert.Null(answer["id"]);
        Assert.Equal(["probabilities", "logits", "digit"], answer["outputs"]!.AsArray().Select(output => (string)output!["name"]!));
        Assert.Equal(["FP32 [1,10]", "FP32 [1,10]", "INT64 [1]"],
            answer["outputs"]!.AsArray().Select(output => $"{output!["datatype"]} {output["shape"]!.ToJsonString()}"));
        Assert.Equal("[7]", answer.Output("digit")["data"]!.ToJsonString());
    }

    [Fact]
    public async Task Probabilities_are_those_of_predict_and_softmax_of_the_logits()
    {
        var predicted = (
            await _client.PostJsonAsync($"{{\"instances\":[{Pictures.SevenJson}]}}").PredictionsAsync()).Predictions[0].Probabilities;
        var (answer, _) = await _client.InferAsync(Infer.Pixels(Pictures.SevenJson)).AnswerAsync();
        Assert.Equal(predicted, answer.Output("probabilities").Floats());
        var exponentials = answer.Output("logits").Floats().Select(logit => Math.Exp(logit)).ToArray();
        for (var i = 0; i < 10; i++)
            Assert.Equal(exponentials[i] / exponentials.Sum(), predicted[i], 1e-6);
    }

    [Fact]
    public async Task Outputs_come_in_the_order_asked_for_and_the_id_comes_back()
    {
        const string Asked = """
            ,"id":"a\"b\u00e9","outputs":[{"name":"digit"},{"name":"probabilities"}],"priority":{"unknown":[1]}
            """;
        var (answer, _) = await _client.InferAsync(Infer.Pixels(Pictures.SevenJson, more: Asked)).AnswerAsync();
        Assert.Equal(["digit", "probabilities"], answer["outputs"]!.AsArray().Select(output => (string)output!["name"]!));
        Assert.Equal("a\"bé", (string)answer["id"]!);
    }

    [Theory]
    [InlineData("UINT8")]
    [InlineData("UINT16")]
    [InlineData("UINT32")]
    [InlineData("UINT64")]
    [InlineData("INT16")]
    [InlineData("INT32")]
    [InlineData("INT64")]
    [InlineData("FP16")]
    [InlineData("FP32")]
    [InlineData("FP64")]
    public async Task Any_datatype_in_any_shape(string datatype)
    {
        var expected = await _client.InferAsync(Infer.Pixels(Pictures.SevenJson)).AnswerAsync();
        var rows = $"[{string.Join(",\n ", Pictures.Seven.Chunk(28).Select(row => $"[{string.Join(", ", row)}]"))}]";
        foreach (var (shape, data) in new[] { ("[1,784]", Pictures.SevenJson), ("[1,784]", $"[{Pictures.SevenJson}]"), ("[1,28,28]", rows),
            ("[1,1,28,28]", $"[ [{rows}] ]") })
        {
            var (answer, _) = await _client.InferAsync(Infer.Pixels(data, shape, datatype)).AnswerAsync();
            Assert.Equal(255, (int)answer["parameters"]!["scale"]!);
            Assert.Equal(expected.Json["outputs"]!.ToJsonString(), answer["outputs"]!.ToJsonString());
        }
    }

    [Fact]
    public async Task Truth_values_are_ink_or_none()
    {
        var ink = Pictures.Seven.Select(pixel => pixel > 127).ToArray();
        var numbers = Infer.Pixels($"[{string.Join(',', ink.Select(isInk => isInk ? 1 : 0))}]", datatype: "INT32");
        var truths = Infer.Pixels($"[{string.Join(',', ink.Select(isInk => isInk ? "true" : "false"))}]", datatype: "BOOL");
        Assert.Equal((await _client.InferAsync(numbers).AnswerAsync()).Json.ToJsonString(),
            (await _client.InferAsync(truths).AnswerAsync()).Json.ToJsonString());
    }

    [Theory]
    [InlineData("FP32", "", 1)]
    [InlineData("UINT8", "", 255)]
    [InlineData("UINT8", ",\"parameters\":{\"scale\":1}", 1)]
    [InlineData("FP32", ",\"parameters\":{\"scale\":255.0}", 255)]
    public async Task Scale_is_told_or_seen(string datatype, string parameters, int scale)
    {
        var (answer, _) = await _client.InferAsync(Infer.Pixels(Pictures.JsonWith(400, "1"), datatype: datatype, more: parameters))
            .AnswerAsync();
        Assert.Equal(scale, (int)answer["parameters"]!["scale"]!);
    }

    [Fact]
    public async Task Many_images_in_one_flat_array_and_what_is_said_after_the_data_counts()
    {
        var data = string.Join(',', Enumerable.Repeat(string.Join(',', Pictures.Seven), 300));
        var json = $$$"""
            {"inputs":[{"data":[{{{data}}}],"datatype":"FP32","shape":[300,784],"name":"pixels"}],
            "outputs":[{"name":"digit"}],"parameters":{"scale":255}}
            """;
        var (answer, _) = await _client.InferAsync(json).AnswerAsync();
        Assert.Equal(Enumerable.Repeat(7, 300), answer.Output("digit")["data"]!.AsArray().Select(digit => (int)digit!));
    }

    [Fact]
    public async Task Numbers_that_are_no_whole_ones_are_read_as_predict_reads_them()
    {
        var numbers = $"[{string.Join(',', Pictures.Seven.Select(pixel => (pixel / 255.0).ToString("R", CultureInfo.InvariantCulture)))}]";
        var predicted = (await _client.PostJsonAsync($"{{\"instances\":[{numbers}]}}").PredictionsAsync()).Predictions[0].Probabilities;
        Assert.Equal(predicted,
            (await _client.InferAsync(Infer.Pixels(numbers, datatype: "FP32")).AnswerAsync()).Json.Output("probabilities").Floats());
        Assert.Equal(predicted, (await _client.InferAsync(Infer.Pixels($"[{numbers.Replace(",", " , ", StringComparison.Ordinal)}]",
            datatype: "FP32")).AnswerAsync()).Json.Output("probabilities").Floats());
    }

    [Fact]
    public async Task Null_is_as_good_as_missing()
    {
        var json = Infer.Pixels(Pictures.SevenJson, more: ",\"id\":null,\"parameters\":{\"scale\":null},\"outputs\":null")
            .Replace("\"data\"", "\"parameters\":null,\"data\"", StringComparison.Ordinal);
        Assert.Equal((await _client.InferAsync(Infer.Pixels(Pictures.SevenJson)).AnswerAsync()).Json.ToJsonString(),
            (await _client.InferAsync(json).AnswerAsync()).Json.ToJsonString());
    }

    [Fact]
    public async Task Pictures_in_base64()
    {
        var png = Convert.ToBase64String(Pictures.SevenPng);
        var (answer, _) = await _client.InferAsync(
            $"{{\"inputs\":[{{\"name\":\"image\",\"shape\":[2],\"datatype\":\"BYTES\",\"data\":[\"{png}\",\"{png}\"]}}]}}").AnswerAsync();
        Assert.Equal("[7,7]", answer.Output("digit")["data"]!.ToJsonString());
        Assert.Null(answer["parameters"]);
    }

    [Fact]
    public async Task Preprocess_is_a_parameter()
    {
        var paper = MnistApi.Imaging.PngEncoding.Encode([.. Pictures.Seven.Select(pixel => (byte)(255 - pixel))], 28, 28);
        var json = $$$"""
            {"inputs":[{"name":"image","shape":[1,1],"datatype":"BYTES","data":["{{{Convert.ToBase64String(paper)}}}"]}],
            "parameters":{"preprocess":"PREPROCESS"}}
            """;
        var auto = (await _client.InferAsync(json.Replace("PREPROCESS", "auto", StringComparison.Ordinal)).AnswerAsync()).Json;
        var none = (await _client.InferAsync(json.Replace("PREPROCESS", "none", StringComparison.Ordinal)).AnswerAsync()).Json;
        Assert.Equal("[7]", auto.Output("digit")["data"]!.ToJsonString());
        Assert.NotEqual(auto.Output("probabilities").Floats(), none.Output("probabilities").Floats());
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(99, 10)]
    public async Task Classification_gives_the_best_as_text(int asked, int given)
    {
        var (answer, _) = await _client.InferAsync(Infer.Pixels(
            Pictures.SevenJson,
            more: $",\"outputs\":[{{\"name\":\"probabilities\",\"parameters\":{{\"classification\":{asked}}}}},"
                + "{\"name\":\"logits\",\"parameters\":{\"classification\":1}}]")).AnswerAsync();
        var output = answer.Output("probabilities");
        Assert.Equal("BYTES", (string)output["datatype"]!);
        Assert.Equal($"[1,{given}]", output["shape"]!.ToJsonString());
        var classes = output["data"]!.AsArray().Select(text => ((string)text!).Split(':')).ToArray();
        Assert.Equal(given, classes.Length);
        Assert.Equal(["7", "7"], classes[0][1..]);
        Assert.Equal(classes.Select(parts => float.Parse(parts[0], CultureInfo.InvariantCulture)).OrderDescending(),
            classes.Select(parts => float.Parse(parts[0], CultureInfo.InvariantCulture)));
        Assert.EndsWith(":7:7", (string)answer.Output("logits")["data"]![0]!);
    }

    [Fact]
    public async Task A_version_in_the_path_and_any_content_type_will_do()
    {
        var content = new StringContent(Infer.Pixels(Pictures.SevenJson), Encoding.UTF8, "text/plain");
        var (answer, _) = await _client.PostAsync("/v2/models/mnist/versions/1/infer", content, TestContext.Current.CancellationToken)
            .AnswerAsync();
        Assert.Equal("[7]", answer.Output("digit")["data"]!.ToJsonString());
    }
}
