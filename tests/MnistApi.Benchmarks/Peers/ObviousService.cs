using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;
using MnistApi.Inference;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace MnistApi.Benchmarks;

/// <summary>What one writes first: model binding, ImageSharp, ONNX Runtime, Swashbuckle; no limits, no log, little validation.</summary>
internal static class ObviousService
{
    public sealed record Request(float[][] Instances);

    public sealed record Prediction(int Digit, float Probability, float[] Probabilities);

    public sealed record Response(IReadOnlyList<Prediction> Predictions);

    public static async Task RunAsync(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Logging.ClearProviders();
        builder.Services.AddEndpointsApiExplorer().AddSwaggerGen();
        var app = builder.Build();
        app.UseSwagger();
        app.UseSwaggerUI();
        using var options = new Microsoft.ML.OnnxRuntime.SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        using var session = new InferenceSession(OnnxFile.Of(BenchmarkInputs.Network), options);
        app.MapPost("/predict", async (HttpRequest request) => request.ContentType switch
        {
            "image/png" => Results.Ok(Predict(session, await ReadPngAsync(request))),
            "application/octet-stream" => Results.Ok(Predict(session, await ReadRawAsync(request))),
            _ => Results.Ok(Predict(session, await ReadJsonAsync(request))),
        });
        await app.RunAsync();
    }

    private static async Task<float[]> ReadJsonAsync(HttpRequest request)
    {
        var body = await request.ReadFromJsonAsync<Request>();
        return [.. body!.Instances.SelectMany(image => image.Length == MnistImage.Pixels
            ? image.Select(value => value / MnistImage.FullInk)
            : throw new BadHttpRequestException($"expected {MnistImage.Pixels} numbers"))];
    }

    private static async Task<float[]> ReadPngAsync(HttpRequest request)
    {
        using var picture = await Image.LoadAsync<L8>(request.Body);
        var pixels = new L8[MnistImage.Pixels];
        picture.CopyPixelDataTo(pixels);
        return [.. pixels.Select(pixel => pixel.PackedValue / (float)MnistImage.FullInk)];
    }

    private static async Task<float[]> ReadRawAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        return [.. body.ToArray().Select(value => value / (float)MnistImage.FullInk)];
    }

    private static Response Predict(InferenceSession session, float[] x)
    {
        var batch = x.Length / MnistImage.Pixels;
        using var run = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(x, [batch, MnistImage.Pixels]);
        using var outputs = session.Run(run, ["x"], [input], ["y"]);
        var y = outputs[0].GetTensorDataAsSpan<float>().ToArray();
        return new Response([.. y.Chunk(MnistImage.Classes).Select(row => new Prediction(Array.IndexOf(row, row.Max()), row.Max(), row))]);
    }
}
