using System.Text.Json;
using Deque.AxeCore.Commons;
using MnistApi.TestData;

namespace MnistApi.Browser.Tests;

/// <summary>The whole page at two sizes in light and dark: it fits, axe finds nothing serious, and its pictures are kept.</summary>
[Trait("Category", "Slow")]
public sealed class LookTests(PageService service) : IClassFixture<PageService>
{
    private static readonly (string Section, string Shown)[] s_sections =
        [("inside", "#unit canvas"), ("evaluate", "#evaluate-run"), ("use", "[role=tab]")];

    [Theory]
    [InlineData("phone")]
    [InlineData("screen")]
    public async Task Every_section_fits_and_is_accessible(string size)
    {
        await Mnist.TestAsync();
        await using var visit = await Visit.BeginAsync(service, size == "phone" ? Visit.Phone : Visit.Screen);
        await visit.GoToAsync("evaluate", "#evaluate-run");
        await visit.Page.ClickAsync("#evaluate-run");
        await visit.WaitAsync("document.querySelector('.card img')");
        await FitsInLightAndDarkAsync(visit, size, [("draw", "#board"), .. s_sections]);
    }

    [Theory]
    [InlineData("phone")]
    [InlineData("screen")]
    public async Task The_chapter_fits_and_is_accessible(string size)
    {
        await Mnist.TestAsync();
        await using var visit = await Visit.OpenAsync(service, size == "phone" ? Visit.Phone : Visit.Screen, path: "chapter");
        await FitsInLightAndDarkAsync(visit, size, ChapterTests.Sections, "chapter-");
    }

    [Theory]
    [InlineData("")]
    [InlineData("chapter")]
    public async Task Nothing_overflows_at_any_size(string path)
    {
        await Mnist.TestAsync();
        await using var visit = await Visit.OpenAsync(service, Visit.SmallPhone, path: path);
        foreach (var size in new[] { Visit.SmallPhone, Visit.PhoneOnItsSide, Visit.Tablet })
        {
            await visit.ResizeAsync(size);
            foreach (var (section, shown) in path == "" ? s_sections : ChapterTests.Sections)
            {
                await visit.GoToAsync(section, shown);
                await visit.ShootAsync($"{(path == "" ? "page" : path)}-{section}-{size.Width}");
            }
            // A wider page would have been zoomed out to, so that the window's own width tells too.
            Assert.Equal(size.Width, await visit.AskAsync<int>("innerWidth"));
            Assert.Equal(size.Width, await visit.AskAsync<int>("document.documentElement.scrollWidth"));
        }
    }

    [Fact]
    public async Task On_its_side_a_phone_shows_the_board_and_the_answer_at_once()
    {
        await using var visit = await Visit.BeginAsync(service, Visit.PhoneOnItsSide);
        await visit.ShootAsync("draw-on-its-side");
        foreach (var id in new[] { "board", "undo", "clear", "digit", "sentence", "seen", "bars" })
        {
            var bottom = await visit.AskAsync<double>($"document.getElementById('{id}').getBoundingClientRect().bottom");
            Assert.True(bottom <= 390, $"{id} ends at {bottom}");
        }
    }

    [Fact]
    public async Task A_tablet_has_the_answer_beside_the_board()
    {
        await using var visit = await Visit.BeginAsync(service, Visit.Tablet);
        await visit.ShootAsync("draw-tablet");
        var board = await visit.AskAsync<double[]>(
            "(box => [box.left, box.right, box.top, box.bottom])(document.getElementById('board').getBoundingClientRect())");
        var bars = await visit.AskAsync<double[]>(
            "(box => [box.left, box.right, box.top, box.bottom])(document.getElementById('bars').getBoundingClientRect())");
        Assert.True(board[0] < 20 && bars[0] > board[1] && bars[1] > 740,
            $"board {string.Join(' ', board)}, bars {string.Join(' ', bars)}");
        Assert.True(bars[3] > board[3] - 60, $"the bars end at {bars[3]}, the board at {board[3]}");
    }

    [Fact]
    public async Task The_first_view_is_less_than_100_kilobytes()
    {
        await using var visit = await Visit.BeginAsync(service, Visit.Phone);
        var bytes = await visit.AskAsync<int>(
            "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].reduce((sum, entry) => sum + "
            + "entry.transferSize, 0)");
        Assert.InRange(bytes, 5_000, 100_000);
    }

    [Fact]
    public async Task What_a_finger_must_hit_is_large_enough()
    {
        await using var visit = await Visit.BeginAsync(service, Visit.Phone);
        var small = await visit.AskAsync<string[]>(
            "[...document.querySelectorAll('.bench button, .bench .button, .top a, .top button')].filter(e => {"
                + " const box = e.getBoundingClientRect(); return e.checkVisibility() && (box.width < 24 || box.height < 24);"
                + " }).map(e => e.outerHTML)");
        Assert.Empty(small);
    }

    private static async Task FitsInLightAndDarkAsync(
        Visit visit, string size, (string Section, string Shown)[] sections, string prefix = "")
    {
        foreach (var scheme in new[] { "light", "dark" })
        {
            await visit.EmulateAsync(scheme);
            foreach (var (section, shown) in sections)
            {
                await visit.GoToAsync(section, shown);
                await visit.WaitAsync("[...document.images].filter(image => image.getBoundingClientRect().top < innerHeight)"
                    + ".every(image => image.naturalWidth > 0)");
                await visit.ShootAsync($"{prefix}{section}-{size}-{scheme}");
            }
            Assert.Equal(await visit.AskAsync<int>("innerWidth"), await visit.AskAsync<int>("document.documentElement.scrollWidth"));
            Assert.Empty(await FindingsAsync(visit));
        }
    }

    /// <summary>Violations of WCAG 2.2 A and AA that axe calls serious or critical.</summary>
    private static async Task<string[]> FindingsAsync(Visit visit)
    {
        await visit.Page.EvaluateExpressionAsync($"{new BundledAxeScriptProvider().GetScript()};0");
        var result = await visit.Page.EvaluateExpressionAsync<string>(
            "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then(result => "
                + "JSON.stringify(result.violations.map(v => ({ id: v.id, impact: v.impact, nodes: v.nodes.map(n => n.html.slice(0, "
                + "200)) }))))");
        using var violations = JsonDocument.Parse(result);
        return [.. violations.RootElement.EnumerateArray()
            .Where(violation => violation.GetProperty("impact").GetString() is "serious" or "critical")
            .Select(violation => violation.ToString())];
    }
}
