using MnistApi.TestData;

namespace MnistApi.Browser.Tests;

/// <summary>The service gone: every section says so, and comes once the service is back.</summary>
public sealed class GoneTests(PageService service) : IClassFixture<PageService>
{
    private const string Sentence = "The service does not answer. Is it still running?";

    [Fact]
    public async Task A_section_that_cannot_come_says_so_and_comes_when_asked_again()
    {
        await using var visit = await Visit.BeginAsync(service, Visit.Screen);
        await ComeAgainAsync(visit, ("inside", "#unit canvas"), ("evaluate", "#evaluate-run"), ("use", "[role=tab]"));
    }

    [Fact]
    public async Task So_does_a_section_of_the_chapter()
    {
        await Mnist.TestAsync(); // section 3.6 shows one of its pictures
        await using var visit = await Visit.OpenAsync(service, Visit.Screen, path: "chapter");
        await visit.WaitAsync("document.querySelector('#perceptron table td')");
        await ComeAgainAsync(visit, ChapterTests.Sections[1..]);
    }

    [Fact]
    public async Task What_has_come_says_so_too()
    {
        await using var visit = await Visit.BeginAsync(service, Visit.Screen);
        await visit.GoToAsync("evaluate", "#evaluate-run");
        visit.ExpectedStatus = -1;
        await visit.Page.SetOfflineModeAsync(true);
        await visit.Page.ClickAsync("#evaluate-run");
        await visit.WaitAsync("document.querySelector('#evaluation .refusal')");
        Assert.Equal(Sentence, await visit.TextAsync("#evaluation .refusal"));
    }

    [Fact]
    public async Task So_does_the_perceptron()
    {
        await using var visit = await Visit.OpenAsync(service, Visit.Screen, path: "chapter");
        await visit.WaitAsync("document.querySelector('#perceptron table td')");
        visit.ExpectedStatus = -1;
        await visit.Page.SetOfflineModeAsync(true);
        await visit.Page.ClickAsync("#perceptron button");
        await visit.WaitAsync($"document.querySelector('#perceptron .verdict').textContent === '{Sentence}'");
    }

    private static async Task ComeAgainAsync(Visit visit, params (string Section, string Shown)[] sections)
    {
        visit.ExpectedStatus = -1;
        await visit.Page.SetOfflineModeAsync(true);
        foreach (var (section, _) in sections)
        {
            await visit.Page.EvaluateFunctionAsync("id => document.getElementById(id).scrollIntoView({ behavior: 'instant' })", section);
            await visit.WaitAsync($"document.getElementById('{section}').querySelector('.gone')");
            Assert.Equal(
                Sentence, await visit.AskAsync<string>($"document.getElementById('{section}').querySelector('.gone p').textContent"));
        }
        await visit.Page.SetOfflineModeAsync(false);
        foreach (var (section, shown) in sections)
        {
            await visit.Page.EvaluateExpressionAsync($"document.getElementById('{section}').querySelector('.gone button').click()");
            await visit.WaitAsync($"document.querySelector('{shown}')");
            await visit.WaitAsync($"!document.getElementById('{section}').querySelector('.gone')");
        }
    }
}
