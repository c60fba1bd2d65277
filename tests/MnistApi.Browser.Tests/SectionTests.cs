using MnistApi.TestData;

namespace MnistApi.Browser.Tests;

/// <summary>See inside, Evaluate and Use.</summary>
public sealed class SectionTests(PageService service) : IClassFixture<PageService>
{
    [Fact]
    public async Task The_diagram_shows_the_activations_of_what_is_drawn()
    {
        await using var visit = await VisitAsync();
        await visit.GoToAsync("inside", ".strong line");
        Assert.Equal(160, await visit.AskAsync<int>("document.querySelectorAll('#diagram .unit').length"));
        Assert.Equal("7", await visit.AskAsync<string>("document.querySelector('#diagram .unit.best').dataset.unit"));
        var before = await FillsAsync(visit);
        await visit.PressSampleAsync(0);
        await visit.WaitAsync("document.querySelector('#diagram .unit.best').dataset.unit === '0'");
        Assert.NotEqual(before, await FillsAsync(visit));
    }

    [Fact]
    public async Task A_unit_of_the_first_layer_can_be_looked_at()
    {
        await using var visit = await VisitAsync();
        await visit.GoToAsync("inside", "#unit canvas");
        Assert.Equal(50, await visit.AskAsync<int>("document.querySelectorAll('#units input').length"));
        await visit.Page.EvaluateExpressionAsync("document.querySelectorAll('#units input')[12].click()");
        await visit.WaitAsync("document.querySelector('#unit h4').textContent === 'Unit 12'");
        Assert.Contains("sigmoid makes", await visit.TextAsync("#unit .sum"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_functions_are_plotted_tried_and_softmaxs_overflow_is_shown()
    {
        await using var visit = await VisitAsync();
        await visit.GoToAsync("inside", ".overflow td");
        Assert.Equal(3, await visit.AskAsync<int>("document.querySelectorAll('.plot svg').length"));
        Assert.Equal(["\u221e", "NaN", "\u221e", "NaN", "\u221e", "NaN"], await visit.AskAsync<string[]>("[...document.querySelectorAll('.overflow .broken')].map(cell => cell.textContent)"));
        await visit.WaitAsync("document.querySelector('.trial output').textContent === '0.26894,  0.73106,  0.8808'");
        await visit.Page.EvaluateExpressionAsync("(x => { x.value = '0'; x.dispatchEvent(new Event('input')); })(document.getElementById('trial-x'))");
        await visit.WaitAsync("document.querySelector('.trial output').textContent === '0.5'");
    }

    [Fact]
    public async Task The_evaluation_shows_the_misses_and_a_cells_digits()
    {
        var set = await Mnist.TestAsync();
        await using var visit = await VisitAsync();
        await visit.GoToAsync("evaluate", "#evaluate-run");
        await visit.Page.ClickAsync("#evaluate-run");
        await visit.WaitAsync("document.querySelector('.card img')?.naturalWidth === 28");
        Assert.Equal(2, await visit.AskAsync<int>("document.querySelectorAll('.speeds tbody tr').length"));
        Assert.Equal(100, await visit.AskAsync<int>("document.querySelectorAll('.confusion button').length"));
        Assert.StartsWith("Read wrong, the surest first: ", await visit.TextAsync(".cards h3"), StringComparison.Ordinal);

        await visit.Page.ClickAsync(".confusion tbody tr:nth-child(5) td:nth-child(6) button"); // 4 read as 4
        await visit.WaitAsync("document.querySelector('.cards h3').textContent.endsWith('4s that were read right')");
        var indices = await visit.AskAsync<int[]>("[...document.querySelectorAll('.card img')].map(image => Number(image.alt.match(/\\d+/)[0]))");
        Assert.Equal(30, indices.Length);
        Assert.All(indices, index => Assert.Equal(4, set.Labels.Span[index]));
        await visit.ShootAsync("cell");

        await visit.PressAsync("ArrowRight", "Enter"); // by keyboard to 4 read as 5
        await visit.WaitAsync("/4 was read as 5|read as 5$/.test(document.querySelector('.cards h3').textContent)");
    }

    [Fact]
    public async Task Without_mnist_the_evaluation_says_what_to_do()
    {
        var empty = Directory.CreateTempSubdirectory("no-mnist");
        await using var without = new PageService(("Dataset:Path", empty.FullName), ("Dataset:Download", "false"));
        await using (var visit = await Visit.BeginAsync(without, Visit.Screen))
        {
            visit.ExpectedStatus = 503;
            await visit.GoToAsync("evaluate", "#evaluate-run");
            await visit.Page.ClickAsync("#evaluate-run");
            await visit.WaitAsync("document.querySelector('#evaluation .refusal')");
            Assert.Equal("MNIST is not on this machine, and the service did not fetch it.", await visit.TextAsync("#evaluation .refusal"));
            Assert.Contains("mnist dataset fetch", await visit.TextAsync("#evaluation .fine"), StringComparison.Ordinal);
        }
        empty.Delete();
    }

    [Theory]
    [InlineData(0, "bash", "-c")]
    [InlineData(2, "python3", "-c")]
    [InlineData(3, "node", "--input-type=module", "-e")]
    public async Task A_snippet_runs_as_it_stands(int tab, string program, params string[] arguments)
    {
        Assert.SkipUnless(Programs.Has(program) && Programs.Has("curl"), $"{program} and curl are needed");
        await using var visit = await VisitAsync();
        await visit.GoToAsync("use", "[role=tab]");
        await visit.Page.ClickAsync($"#tab-{tab}");
        var (exitCode, output) = await Programs.RunAsync(program, [.. arguments, await visit.TextAsync("#snippet")]);
        Assert.True(exitCode == 0, output);
        Assert.True(output.Trim() == "7" || output.Contains("\"digit\":7", StringComparison.Ordinal), output);
    }

    [Fact]
    public async Task The_csharp_snippet_carries_the_picture_and_swagger_is_one_step_away()
    {
        await using var visit = await VisitAsync();
        await visit.GoToAsync("use", "[role=tab]");
        await visit.Page.ClickAsync("#tab-1");
        Assert.Contains($"new Uri(\"{service.Address.ToString().TrimEnd('/')}/\")", await visit.TextAsync("#snippet"), StringComparison.Ordinal);
        await Task.WhenAll(visit.Page.WaitForNavigationAsync(), visit.Page.ClickAsync("a[href=swagger]"));
        await visit.WaitAsync("document.querySelectorAll('.opblock').length > 5");
    }

    private static Task<string[]> FillsAsync(Visit visit) => visit.AskAsync<string[]>("[...document.querySelectorAll('#diagram .unit')].map(unit => unit.getAttribute('fill-opacity'))");

    private Task<Visit> VisitAsync() => Visit.BeginAsync(service, Visit.Screen);
}
