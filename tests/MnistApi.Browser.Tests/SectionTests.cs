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
        await visit.WaitAsync("document.querySelector('#unit h4').textContent === 'Unit 13'");
        Assert.Contains("sigmoid makes", await visit.TextAsync("#unit .sum"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_weights_of_all_units_are_on_one_scale()
    {
        await using var visit = await VisitAsync();
        await visit.GoToAsync("inside", "#unit canvas");
        // Only the largest weight of all has the full colour; the others are paler.
        var deepest = await visit.AskAsync<int[]>(
            "[...document.querySelectorAll('#units canvas')].map(canvas => {"
            + " const { data } = canvas.getContext('2d').getImageData(0, 0, 28, 28); let min = 255 * 3;"
            + " for (let i = 0; i < data.length; i += 4) min = Math.min(min, data[i] + data[i + 1] + data[i + 2]); return min; })");
        Assert.Equal(50, deepest.Length);
        Assert.True(deepest.Max() - deepest.Min() > 200, string.Join(", ", deepest));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_unit_is_read_by_pointer_and_touch(bool isTouch)
    {
        await using var visit = await Visit.BeginAsync(service, isTouch ? Visit.Phone : Visit.Screen);
        await visit.GoToAsync("inside", ".strong line");
        foreach (var (layer, unit) in new[] { (1, 12), (2, 99), (3, 7) })
        {
            var selector = $"#diagram .unit[data-layer=\"{layer}\"][data-unit=\"{unit}\"]";
            await visit.Page.EvaluateFunctionAsync(
                "s => document.querySelector(s).scrollIntoView({ block: 'center', behavior: 'instant' })", selector);
            var box = await (await visit.Page.QuerySelectorAsync(selector)).BoundingBoxAsync();
            var (x, y) = (box.X + box.Width / 2, box.Y + box.Height / 2);
            await (isTouch ? visit.Page.Touchscreen.TapAsync(x, y) : visit.Page.Mouse.MoveAsync(x, y));
            var name = layer == 3 ? "Class 7" : $"Layer {layer}, unit {unit + 1}";
            await visit.WaitAsync($"document.getElementById('readout').textContent.startsWith('{name}: a = ')");
            var numbers = await visit.AskAsync<double[]>(
                "document.getElementById('readout').textContent.match(/= (-?\\d+(\\.\\d+)?)/g).map(each => Number(each.slice(2)))");
            if (layer < 3)
                Assert.Equal(1 / (1 + Math.Exp(-numbers[0])), numbers[^1], 3); // z is what its own a gives
            else
                Assert.True(numbers[0] > 3 && numbers[^1] > 0.9, string.Join(", ", numbers));
        }
    }

    [Fact]
    public async Task Every_unit_is_read_by_keyboard()
    {
        await using var visit = await VisitAsync();
        await visit.GoToAsync("inside", ".strong line");
        await visit.Page.EvaluateExpressionAsync("document.querySelector('#units :checked').focus()");
        await visit.Page.Keyboard.DownAsync("Shift");
        await visit.PressAsync("Tab");
        await visit.Page.Keyboard.UpAsync("Shift");
        await visit.WaitAsync("document.getElementById('readout').textContent.startsWith('Class 7: ')");
        await visit.PressAsync("ArrowUp");
        Assert.StartsWith("Class 6: a = ", await visit.TextAsync("#readout"), StringComparison.Ordinal);
        await visit.PressAsync("ArrowLeft");
        Assert.StartsWith("Layer 2, unit ", await visit.TextAsync("#readout"), StringComparison.Ordinal);
        for (var i = 0; i < 10; i++)
            await visit.PressAsync("ArrowLeft");
        Assert.StartsWith("Layer 1, unit ", await visit.TextAsync("#readout"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_clear_or_a_refusal_nothing_shows_the_old_digit(bool isCleared)
    {
        await using var visit = await Visit.BeginAsync(service, Visit.Screen);
        visit.ExpectedStatus = isCleared ? 0 : -1;
        await visit.GoToAsync("use", "[role=tab]");
        await visit.GoToAsync("inside", ".strong line");
        Assert.Equal(2, await visit.AskAsync<int>("document.querySelectorAll('#unit canvas').length"));
        if (isCleared)
        {
            await visit.Page.ClickAsync("#clear");
        }
        else
        {
            await visit.Page.SetOfflineModeAsync(true);
            await visit.PressSampleAsync(3);
        }
        await visit.WaitAsync($"document.body.dataset.state === '{(isCleared ? "empty" : "refused")}'");
        Assert.Equal(0, await visit.AskAsync<int>(
            "document.querySelectorAll('.strong, #diagram image, #diagram [fill-opacity], #diagram .best, #bars .best').length"));
        Assert.Equal(1, await visit.AskAsync<int>("document.querySelectorAll('#unit canvas').length"));
        Assert.Equal(0, await visit.AskAsync<int>(
            "document.getElementById('seen').getContext('2d').getImageData(0, 0, 28, 28).data.filter(level => level > 0).length"));
        Assert.Equal("Draw a digit first: it goes into these lines.", await visit.TextAsync("#snippet"));
        Assert.True(await visit.AskAsync<bool>("document.querySelector('.copy').disabled"));
    }

    [Fact]
    public async Task What_was_done_to_the_picture_is_a_sentence()
    {
        await using var visit = await VisitAsync();
        Assert.Matches("^Your picture (was [A-Za-z0-9 ,']+|passed as it is)\\.$", await visit.TextAsync("#fine"));
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
        // Each size is warmed up once, then run five times.
        Assert.Equal(12, await visit.AskAsync<int>(
            "performance.getEntriesByType('resource').filter(({ name }) => name.includes('/eval?')).length"));
        Assert.StartsWith("Read wrong, the surest first: ", await visit.TextAsync(".cards h3"), StringComparison.Ordinal);

        await visit.Page.ClickAsync(".confusion tbody tr:nth-child(5) td:nth-child(6) button"); // 4 read as 4
        await visit.WaitAsync("document.querySelector('.cards h3').textContent.endsWith('4s that were read right')");
        var indices = await visit.AskAsync<int[]>(
            "[...document.querySelectorAll('.card img')].map(image => Number(image.alt.match(/\\d+/)[0]))");
        Assert.Equal(30, indices.Length);
        Assert.All(indices, index => Assert.Equal(4, set.Labels.Span[index]));
        await visit.ShootAsync("cell");

        await visit.PressAsync("ArrowRight", "Enter"); // by keyboard to 4 read as 5
        await visit.WaitAsync("/4 was read as 5|read as 5$/.test(document.querySelector('.cards h3').textContent)");
        await visit.Page.ClickAsync(".cards .back");
        Assert.StartsWith("Read wrong, the surest first: ", await visit.TextAsync(".cards h3"), StringComparison.Ordinal);
        Assert.Equal(0, await visit.AskAsync<int>("document.querySelectorAll('.confusion [aria-pressed]').length"));
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
        Assert.Contains($"new Uri(\"{service.Address.ToString().TrimEnd('/')}/\")", await visit.TextAsync("#snippet"),
            StringComparison.Ordinal);
        await Task.WhenAll(visit.Page.WaitForNavigationAsync(), visit.Page.ClickAsync("a[href=swagger]"));
        await visit.WaitAsync("document.querySelectorAll('.opblock').length > 5");
    }

    private static Task<string[]> FillsAsync(Visit visit) =>
        visit.AskAsync<string[]>("[...document.querySelectorAll('#diagram .unit')].map(unit => unit.getAttribute('fill-opacity'))");

    private Task<Visit> VisitAsync() => Visit.BeginAsync(service, Visit.Screen);
}
