using MnistApi.TestData;

namespace MnistApi.Browser.Tests;

/// <summary>GET /chapter: each section with the numbers that the chapter prints, and every number to change.</summary>
public sealed class ChapterTests(PageService service) : IClassFixture<PageService>
{
    /// <summary>The sections, and what is there once they have come.</summary>
    internal static readonly (string Section, string Shown)[] Sections =
    [
        ("3.1", "#perceptron td"), ("3.2", "#functions td"), ("3.3", "#arrays output"), ("3.4", "#by-hand .edge"), ("3.5", ".overflow td"),
            ("3.6", "#recognition .strip"),
    ];

    [Fact]
    public async Task A_perceptron_fires_where_its_sum_is_above_0()
    {
        await using var visit = await GoAsync("3.1");
        string[][] gates = [["AND", "0", "0", "0", "1"], ["NAND", "1", "1", "1", "0"], ["OR", "0", "1", "1", "1"]];
        foreach (var gate in gates)
        {
            await visit.Page.EvaluateFunctionAsync(
                "name => [...document.querySelectorAll('#perceptron button')].find(each => each.textContent === name).click()", gate[0]);
            var outputs = string.Join(",", gate[1..]);
            await visit.WaitAsync($"[...document.querySelectorAll('#perceptron td:nth-child(4)')].map(cell => cell.textContent).join() "
                + $"=== '{outputs}'");
        }
        await SlideAsync(visit, "p-b", -1);
        await visit.WaitAsync("document.querySelector('#perceptron .verdict').textContent.startsWith('Step: 0, it stays silent. Sigmoid: "
            + "0.5,')");
        Assert.EndsWith("= −1 + 0.5·1 + 0.5·1 = 0", await visit.TextAsync("#perceptron .sum"), StringComparison.Ordinal);
        Assert.Equal("0", await visit.AskAsync<string>("document.querySelector('#perceptron svg .unit').getAttribute('fill-opacity')"));
        Assert.Equal(7, await visit.AskAsync<int>("document.querySelectorAll('#perceptron .layers circle').length"));
    }

    [Fact]
    public async Task The_functions_are_plotted_alone_and_against_each_other_and_their_values_are_the_services()
    {
        await using var visit = await GoAsync("3.2");
        Assert.Equal(2, await visit.AskAsync<int>("document.querySelectorAll('.plot .curve').length"));
        Assert.Equal("-1,0,0.2689414,0,-1,0.26894142|1,1,0.73105854,1,1,0.73105858|2,1,0.880797,2,2,0.88079708",
            await RowsAsync(visit, "#functions"));
        await SlideAsync(visit, "plot-x", 0);
        await visit.WaitAsync("document.querySelector('#functions .verdict').textContent === 'sigmoid(0) = 0.5,  step(0) = 0'");
        await visit.Page.SelectAsync("#plot-name", "relu");
        await visit.Page.SelectAsync("#plot-against", "none");
        await visit.WaitAsync("document.querySelectorAll('.plot .curve').length === 1 && document.querySelector('#functions "
            + ".verdict').textContent === 'relu(0) = 0'");
        await TypeAsync(visit, "#array-x", "x, 1");
        await visit.WaitAsync("document.querySelector('#functions').textContent.includes('Numbers with commas between are expected')");
    }

    [Fact]
    public async Task Two_linear_layers_are_one_and_with_a_bend_they_are_not()
    {
        await using var visit = await GoAsync("3.2");
        const string Verdict = "[...document.querySelectorAll('#functions .verdict')].at(-1).textContent";
        await visit.WaitAsync($"{Verdict} === 'The same: the second layer added nothing.'");
        await visit.Page.SelectAsync("#depth-bend", "sigmoid");
        await visit.WaitAsync($"{Verdict}.startsWith('Not the same')");
    }

    [Fact]
    public async Task Products_of_arrays_are_the_chapters_and_a_cell_shows_its_sum()
    {
        await using var visit = await GoAsync("3.3");
        string[] products = ["19 22 43 50", "22 28 49 64", "23 53 83", "5 11 17"];
        for (var example = 0; example < products.Length; example++)
        {
            await visit.Page.EvaluateFunctionAsync("i => document.querySelectorAll('#arrays button')[i].click()", example);
            Assert.Equal(products[example],
                await visit.AskAsync<string>("[...document.querySelectorAll('#arrays output')].map(cell => cell.textContent).join(' ')"));
        }
        await visit.Page.HoverAsync("#arrays output:nth-child(3)");
        Assert.Equal("Row 1 of A times column 3 of B: 1·5 + 2·6 = 17", await visit.TextAsync("#arrays .verdict"));
        await TypeAsync(visit, "#arrays .matrix input", "3");
        Assert.Equal("7 17 27", await visit.AskAsync<string>(
            "[...document.querySelectorAll('#arrays output')].map(cell => cell.textContent).join(' ')"));
    }

    [Fact]
    public async Task Shapes_that_do_not_match_are_explained()
    {
        await using var visit = await GoAsync("3.3");
        await visit.Page.EvaluateExpressionAsync("document.querySelectorAll('#arrays button')[4].click()");
        Assert.StartsWith("Shapes (2, 3) and (2, 2) do not match: A has 3 columns and B has 2 rows",
            await visit.TextAsync("#arrays .verdict"), StringComparison.Ordinal);
        await visit.Page.EvaluateExpressionAsync(
            "(rows => { rows.value = 3; rows.dispatchEvent(new Event('change')); })(document.querySelector('[aria-label=\"Rows of B\"]'))");
        Assert.Equal(4, await visit.AskAsync<int>("document.querySelectorAll('#arrays output').length"));
    }

    [Fact]
    public async Task The_network_by_hand_gives_what_the_chapter_prints()
    {
        await using var visit = await GoAsync("3.4");
        var steps = await visit.TextAsync("#by-hand .steps");
        string[] all =
        [
            "[0.3 0.7 1.1]", "[0.57444252 0.66818777 0.75026011]", "[0.51615984 1.21402696]", "[0.62624937 0.7710107]",
            "[0.31682708 0.69627909]",
        ];
        foreach (var printed in all)
            Assert.Contains(printed, steps, StringComparison.Ordinal);
        await visit.Page.EvaluateExpressionAsync(
            "[...document.querySelectorAll('#by-hand .edge')].find(edge => edge.ariaLabel === 'Layer 1, weight to unit 1 from unit "
            + "2').focus()");
        Assert.StartsWith("w⁽¹⁾₁₂ =", await visit.TextAsync("#by-hand .edge.verdict"), StringComparison.Ordinal);
        Assert.Equal("0.2", await visit.AskAsync<string>("document.querySelector('#by-hand .verdict input').value"));
        await TypeAsync(visit, "#by-hand .verdict input", "0.4");
        Assert.Contains("A1 = X·W1 + B1 = [0.4 0.7 1.1]", await visit.TextAsync("#by-hand .steps"), StringComparison.Ordinal);
        Assert.Equal("0.4", await visit.AskAsync<string>("document.querySelector('[aria-label=\"W1, row 2, column 1\"]').value"));
        await TypeAsync(visit, "[aria-label=\"X, row 1, column 1\"]", "2");
        Assert.Contains("A1 = X·W1 + B1 = [0.5 1 1.6]", await visit.TextAsync("#by-hand .steps"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Softmax_sums_to_1_keeps_the_order_and_its_overflow_is_shown()
    {
        await Mnist.TestAsync(); // section 3.6 comes along
        await using var visit = await GoAsync("3.5");
        Assert.Equal("softmax([0.3 2.9 4]) = [0.01821127 0.24519181 0.73659691], which sums to 1.",
            await visit.TextAsync("#output-layer .verdict"));
        await SlideAsync(visit, "a-shift", 10);
        Assert.Equal("softmax([10.3 12.9 14]) = [0.01821127 0.24519181 0.73659691], which sums to 1.",
            await visit.TextAsync("#output-layer .verdict"));
        await SlideAsync(visit, "a-0", 5);
        Assert.Contains("a₁ > a₃ > a₂ before and after", await visit.TextAsync("#output-layer"), StringComparison.Ordinal);
        Assert.Equal(["∞", "NaN", "∞", "NaN", "∞", "NaN"],
            await visit.AskAsync<string[]>("[...document.querySelectorAll('.overflow .broken')].map(cell => cell.textContent)"));
    }

    [Fact]
    public async Task The_first_training_picture_is_flattened_normalized_and_read()
    {
        await Mnist.TestAsync();
        await using var visit = await GoAsync("3.6");
        Assert.Contains("[0 0 0 0 0 1 0 0 0 0]", await visit.TextAsync("#recognition .picture"), StringComparison.Ordinal);
        Assert.StartsWith("The served network reads it as 5", await visit.TextAsync("#recognition .served"), StringComparison.Ordinal);
        await visit.Page.FocusAsync("#recognition .pixels");
        await visit.PressAsync("ArrowDown");
        Assert.Contains("number 14·28 + 14 = 406 of 784", await visit.TextAsync("#recognition .verdict"), StringComparison.Ordinal);
        Assert.Equal("X 784 · W1 784 × 50 → sigmoid 50 · W2 50 × 100 → sigmoid 100 · W3 100 × 10 → softmax 10",
            await ShapesAsync(visit));
        await visit.Page.SelectAsync("#batch", "100");
        Assert.Equal("X 100 × 784 · W1 784 × 50 → sigmoid 100 × 50 · W2 50 × 100 → sigmoid 100 × 100 · "
            + "W3 100 × 10 → softmax 100 × 10",
            await ShapesAsync(visit));
        await visit.Page.EvaluateExpressionAsync("document.querySelector('#recognition button').click()");
        await visit.WaitAsync("/^One by one 0\\.\\d+, in batches of 100 0\\.\\d+: /.test([...document.querySelectorAll('#recognition "
            + ".verdict')].at(-1).textContent)");
    }

    [Fact]
    public async Task Without_mnist_the_chapter_says_what_to_do()
    {
        var empty = Directory.CreateTempSubdirectory("no-mnist");
        await using var without = new PageService(("Dataset:Path", empty.FullName), ("Dataset:Download", "false"));
        await using (var visit = await Visit.OpenAsync(without, Visit.Screen, path: "chapter"))
        {
            visit.ExpectedStatus = 503;
            await visit.GoToAsync("3.6", "#recognition .refusal");
            Assert.Equal("MNIST is not on this machine, and the service did not fetch it.", await visit.TextAsync("#recognition .refusal"));
            Assert.Equal(7, await visit.AskAsync<int>(
                "document.querySelectorAll('#recognition .shapes b').length")); // the rest needs no data
        }
        empty.Delete();
    }

    private async Task<Visit> GoAsync(string section)
    {
        var visit = await Visit.OpenAsync(service, Visit.Screen, path: "chapter");
        try
        {
            await visit.GoToAsync(section, Array.Find(Sections, each => each.Section == section).Shown);
            return visit;
        }
        catch
        {
            await Browser.CloseAsync(visit.Page);
            throw;
        }
    }

    private static Task SlideAsync(Visit visit, string id, double value) =>
        visit.Page.EvaluateFunctionAsync(
            "(id, value) => { const slider = document.getElementById(id); slider.value = value; slider.dispatchEvent(new "
            + "Event('input')); }", id, value);

    private static async Task TypeAsync(Visit visit, string selector, string text)
    {
        await visit.Page.FocusAsync(selector);
        await visit.Page.EvaluateFunctionAsync("s => document.querySelector(s).select()", selector);
        await visit.Page.Keyboard.TypeAsync(text);
    }

    private static async Task<string> RowsAsync(Visit visit, string selector) =>
        (await visit.AskAsync<string>(
            $"[...document.querySelectorAll('{selector} tbody tr')].map(row => [...row.children].map(cell => "
            + $"cell.textContent).join()).join('|')")).Replace('−', '-');

    private static Task<string> ShapesAsync(Visit visit) =>
        visit.AskAsync<string>("[...document.querySelectorAll('#recognition .shapes > *')].map(each => [...each.childNodes].map(node => "
            + "node.textContent).join(' ')).join(' ')");
}
