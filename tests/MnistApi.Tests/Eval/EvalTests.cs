using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using MnistApi.Eval;
using MnistApi.Inference;
using MnistApi.Model;
using MnistApi.TestData;

namespace MnistApi.Tests.Eval;

public sealed class EvalTests(BookService book, Service service) : IClassFixture<BookService>, IClassFixture<Service>
{
    [Theory]
    [InlineData("/eval", 100)]
    [InlineData("/eval?batch=1&split=test", 1)]
    [InlineData("/eval?batch=10000", 10000)]
    public async Task The_books_weights_have_the_chapters_accuracy(string path, int batch)
    {
        var client = await book.ClientAsync();
        var answer = (await client.GetFromJsonAsync<EvalResponse>(path, Service.Json, TestContext.Current.CancellationToken))!;
        Assert.Equal(("book", "mnist", "test", batch), (answer.Model, answer.Dataset, answer.Split, answer.Batch));
        Assert.Equal((0.9352, 9352, 10000), (answer.Accuracy, answer.Correct, answer.Total));
        Assert.Equal(10000, answer.ConfusionMatrix.Sum(row => row.Sum()));
        Assert.Equal(9352, Enumerable.Range(0, 10).Sum(digit => answer.ConfusionMatrix[digit][digit]));
        Assert.Equal(980, answer.Classes[0].Support);
        Assert.True(answer.ElapsedMs > 0 && answer.ImagesPerSecond > 0);
    }

    [Fact]
    public async Task The_answer_has_the_documented_members()
    {
        var client = await book.ClientAsync();
        using var document = JsonDocument.Parse(await client.GetStringAsync("/eval", TestContext.Current.CancellationToken));
        Assert.Equal(
            ["model", "dataset", "split", "accuracy", "correct", "total", "batch", "elapsedMs", "imagesPerSecond", "confusionMatrix",
                "classes"],
            document.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal(["digit", "precision", "recall", "f1", "support"],
            document.RootElement.GetProperty("classes")[0].EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task The_shipped_weights_reach_0_989_on_the_test_images()
    {
        await Mnist.TestAsync();
        var answer = (
            await service.CreateClient().GetFromJsonAsync<EvalResponse>("/eval", Service.Json, TestContext.Current.CancellationToken))!;
        Assert.InRange(answer.Accuracy, 0.989, 1);
    }

    /// <summary>
    /// Expected calibration error: how far the probability of the answer is from the share of right answers, over 15 bins of equal width.
    /// </summary>
    [Fact]
    public async Task The_shipped_weights_are_as_sure_as_they_are_right()
    {
        const int Bins = 15;
        var set = await Mnist.TestAsync();
        var network = service.Services.GetRequiredService<LoadedModel>().Network;
        var y = new float[set.Count * 10];
        network.Forward(set.Pixels.Span, y);
        var gaps = new double[Bins];
        for (var i = 0; i < set.Count; i++)
        {
            var answer = Classes.Best(y.AsSpan(i * 10, 10));
            var probability = y[i * 10 + answer];
            gaps[Math.Min((int)(probability * Bins), Bins - 1)] += probability - (answer == set.Labels.Span[i] ? 1 : 0);
        }
        Assert.InRange(gaps.Sum(Math.Abs) / set.Count, 0, 0.01);
    }

    [Fact]
    public async Task The_training_images_are_there_too()
    {
        await Mnist.TrainAsync();
        var answer = (await service.CreateClient().GetFromJsonAsync<EvalResponse>(
            "/eval?split=train&batch=1000", Service.Json, TestContext.Current.CancellationToken))!;
        Assert.Equal(("train", 60000), (answer.Split, answer.Total));
    }

    [Fact]
    public async Task Several_at_once_are_answered_one_after_the_other()
    {
        await Mnist.TestAsync();
        await using var patient = new Service("Production", ("Overload:EvaluationSeconds", "600")); // builds without optimisation are slow
        var client = patient.CreateClient();
        var answers = await Task.WhenAll(Enumerable.Range(0, 4)
            .Select(_ => client.GetFromJsonAsync<EvalResponse>("/eval", Service.Json, TestContext.Current.CancellationToken)));
        Assert.All(answers, answer => Assert.Equal(10000, answer!.Total));
    }

    [Fact]
    public async Task Whoever_waits_too_long_for_another_evaluation_is_told_to_come_back()
    {
        await using var busy = new Service("Production", ("Overload:EvaluationSeconds", "1"));
        using var turn = await busy.Services.GetRequiredService<EvalSets>().TakeTurnAsync(TestContext.Current.CancellationToken);
        var answer = busy.CreateClient().GetAsync("/eval", TestContext.Current.CancellationToken);
        Assert.Equal("another evaluation was still running after 1 seconds; try again later",
            await answer.ProblemAsync(HttpStatusCode.TooManyRequests));
        Assert.Equal(TimeSpan.FromSeconds(1), (await answer).Headers.RetryAfter?.Delta);
    }

    [Theory]
    [InlineData("/eval?batch=0", "batch is '0', expected a whole number from 1 to 10000")]
    [InlineData("/eval?batch=10001", "batch is '10001', expected a whole number from 1 to 10000")]
    [InlineData("/eval?batch=ten", "batch is 'ten', expected a whole number from 1 to 10000")]
    [InlineData("/eval?batch=", "batch is '', expected a whole number from 1 to 10000")]
    [InlineData("/eval?split=validation", "split is 'validation', expected test or train")]
    public async Task Bad_queries_are_400(string path, string detail) =>
        Assert.Equal(detail,
            await service.CreateClient().GetAsync(path, TestContext.Current.CancellationToken).ProblemAsync(HttpStatusCode.BadRequest));
}
