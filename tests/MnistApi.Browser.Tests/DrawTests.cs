namespace MnistApi.Browser.Tests;

public sealed class DrawTests(PageService service) : IClassFixture<PageService>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_drawn_with_the_mouse_is_read(bool isPhone)
    {
        await using var visit = await VisitAsync(isPhone ? Visit.Phone : Visit.Screen);
        foreach (var digit in new[] { 1, 7 })
        {
            await ClearAsync(visit);
            await visit.DrawByMouseAsync(digit);
            await visit.SeesAsync(digit);
            Assert.Contains("sure", await visit.TextAsync("#sentence"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_is_drawn_with_a_finger_is_read()
    {
        await using var visit = await VisitAsync(Visit.Phone);
        foreach (var digit in new[] { 1, 7 })
        {
            await ClearAsync(visit);
            await visit.ToBoardAsync();
            var before = await visit.AskAsync<double>("scrollY");
            await visit.DrawByFingerAsync(digit);
            await visit.SeesAsync(digit);
            Assert.Equal(before, await visit.AskAsync<double>("scrollY")); // the finger drew, it did not move the page
        }
    }

    [Fact]
    public async Task The_answer_comes_while_the_stroke_is_drawn_and_one_request_at_a_time()
    {
        await using var visit = await VisitAsync(Visit.Screen);
        await ClearAsync(visit);
        await visit.DrawByMouseAsync(7);
        await visit.SeesAsync(7);
        var answers = await visit.AskAsync<int>(
            "performance.getEntriesByName(location.href + 'predict?expect=number&include=input,activations').length");
        Assert.True(answers > 3, $"{answers} answers");
        Assert.Equal(1, visit.MaxReading);
    }

    [Fact]
    public async Task Ten_bars_and_what_the_network_sees_stand_beside_the_digit()
    {
        await using var visit = await VisitAsync(Visit.Screen);
        Assert.Equal(10, await visit.AskAsync<int>("document.querySelectorAll('#bars li').length"));
        Assert.Equal("7", await visit.TextAsync("#bars .best .label"));
        var bright = await visit.AskAsync<int>(
            "[...document.getElementById('seen').getContext('2d').getImageData(0, 0, 28, 28).data].filter((v, i) => i % 4 === 0 && v > "
            + "200).length");
        Assert.InRange(bright, 20, 200);
        await visit.WaitAsync("document.getElementById('spoken').textContent.startsWith('7, ')");
    }

    [Fact]
    public async Task Every_sample_is_read_as_what_it_is()
    {
        await using var visit = await VisitAsync(Visit.Screen);
        for (var digit = 0; digit < 10; digit++)
        {
            await visit.Page.ClickAsync($"#samples button:nth-child({digit + 1})");
            await visit.SeesAsync(digit);
        }
    }

    [Fact]
    public async Task The_last_answer_stands_until_a_written_digit_is_read()
    {
        await using var visit = await VisitAsync(Visit.Screen);
        await visit.EmulateMotionAsync();
        await visit.Page.EvaluateExpressionAsync(
            "window.sentences = []; new MutationObserver(() => sentences.push(document.getElementById('sentence').textContent))"
            + ".observe(document.getElementById('sentence'), { childList: true })");
        await visit.Page.ClickAsync("#samples button:nth-child(2)");
        await visit.SeesAsync(1);
        var sentences = await visit.AskAsync<string[]>("sentences");
        Assert.NotEmpty(sentences);
        Assert.All(sentences, sentence => Assert.Contains("sure", sentence, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stroke_begins_anew_on_a_sample_and_can_be_taken_back()
    {
        await using var visit = await VisitAsync(Visit.Screen);
        await visit.DrawByMouseAsync(1);
        await visit.SeesAsync(1);
        await visit.Page.ClickAsync("#undo");
        await visit.WaitAsync("document.body.dataset.state === 'empty'");
        Assert.Equal("Nothing is drawn yet.", await visit.TextAsync("#sentence"));
    }

    [Fact]
    public async Task By_keyboard_alone_a_digit_is_drawn_taken_back_written_and_cleared()
    {
        await using var visit = await VisitAsync(Visit.Screen);
        for (var i = 0; i < 20 && await visit.AskAsync<string>("document.activeElement.id") != "board"; i++)
            await visit.PressAsync("Tab");
        Assert.Equal("board", await visit.AskAsync<string>("document.activeElement.id"));
        await visit.PressAsync(["Delete", .. Enumerable.Repeat("ArrowUp", 8), "Space", .. Enumerable.Repeat("ArrowDown", 16), "Space"]);
        await visit.SeesAsync(1);
        await visit.ShootAsync("keyboard");
        await visit.PressAsync("Backspace");
        await visit.WaitAsync("document.body.dataset.state === 'empty'");
        await visit.PressAsync("3");
        await visit.SeesAsync(3);
        await visit.PressAsync("Tab", "Tab", "Enter"); // Undo, then Clear
        await visit.WaitAsync("document.body.dataset.state === 'empty'");
    }

    [Fact]
    public async Task A_pen_that_presses_harder_draws_wider()
    {
        await using var visit = await VisitAsync(Visit.Screen);
        var widths = new List<int>();
        foreach (var force in new[] { 0.1, 0.9 })
        {
            await ClearAsync(visit);
            var box = await (await visit.Page.QuerySelectorAsync("#board")).BoundingBoxAsync();
            foreach (var (type, share) in new[] { ("mousePressed", 0.2), ("mouseMoved", 0.4), ("mouseMoved", 0.6), ("mouseMoved", 0.8),
                ("mouseReleased", 0.8) })
            {
                await visit.Page.Client.SendAsync("Input.dispatchMouseEvent", new
                {
                    type,
                    x = (double)(box.X + box.Width / 2),
                    y = (double)box.Y + share * (double)box.Height,
                    button = "left",
                    buttons = 1,
                    clickCount = 1,
                    pointerType = "pen",
                    force,
                });
            }
            await visit.SeesAsync(1);
            widths.Add(await visit.AskAsync<int>(
                "(board => { const copy = new OffscreenCanvas(board.width, 1).getContext('2d'); copy.drawImage(board, 0, -board.height / "
                    + "2);"
                + " return copy.getImageData(0, 0, board.width, 1).data.filter((level, i) => i % 4 === 3 && level > 128).length; "
                    + "})(document.getElementById('board'))"));
        }
        Assert.True(widths[1] > widths[0] * 1.5, string.Join(", ", widths));
    }

    [Fact]
    public async Task The_readers_choice_of_colours_is_kept()
    {
        await using var visit = await VisitAsync(Visit.Screen);
        await visit.Page.ClickAsync("#theme");
        Assert.Equal("dark", await visit.AskAsync<string>("document.documentElement.dataset.theme"));
        await visit.Page.ReloadAsync();
        await visit.SeesAsync(7);
        Assert.Equal("true", await visit.AskAsync<string>("document.getElementById('theme').getAttribute('aria-pressed')"));
    }

    private static async Task ClearAsync(Visit visit)
    {
        await visit.Page.ClickAsync("#clear");
        await visit.WaitAsync("document.body.dataset.state === 'empty'");
    }

    private Task<Visit> VisitAsync((int, int) size) => Visit.BeginAsync(service, size);
}
