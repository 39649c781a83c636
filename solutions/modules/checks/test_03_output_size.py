"""Hidden checks of `output_size`; all numbers are whole, and the formula is checked by counting places."""

import pytest

from autograder.checks import close, raises

pytestmark = pytest.mark.exercise("output_size")


def places(size, kernel_size, stride=1, padding=0, dilation=1):
    """Count where the kernel can lie."""
    first, last = -padding, size + padding - 1
    return len([i for i in range(first, last + 1, stride) if i + dilation * (kernel_size - 1) <= last])


def test_moves_one_pixel_at_a_time(student, draw):
    """Without stride, padding and dilation a kernel of k finds n − k + 1 places, and just one if it is as large."""
    k = draw.integer(2, 9)
    n = k + draw.integer(1, 30)
    close(student.output_size(n, k), n - k + 1, "the number of places")
    close(student.output_size(k, k), 1, "the number of places of a kernel as large as the input")


@pytest.mark.weight(2)
def test_moves_further_with_a_stride(student, draw):
    """With a stride, what is left over at the end is not used."""
    k, s = draw.integer(2, 6), draw.integer(2, 5)
    for rest in (0, 1, s - 1):
        n = k + s * draw.integer(2, 9) + rest
        close(student.output_size(n, k, stride=s), places(n, k, s), "the number of places")


def test_pads_both_sides(student, draw):
    """Padding stands on either side, and a kernel may be larger than the input if it fits with its padding."""
    k, p = draw.integer(3, 6), draw.integer(1, 4)
    n = k + draw.integer(2, 9)
    close(student.output_size(n, k, padding=p), places(n, k, 1, p), "the number of places")
    close(
        student.output_size(3, 3 + 2 * p, padding=p), 1, "the number of places of a kernel as large as the padded input"
    )


def test_dilation_widens_the_kernel(student, draw):
    """With dilation d a kernel of k spans d·(k − 1) + 1 pixels."""
    k, d = draw.integer(3, 6), draw.integer(2, 4)
    n = d * (k - 1) + draw.integer(5, 12)
    close(student.output_size(n, k, dilation=d), places(n, k, 1, 0, d), "the number of places")


@pytest.mark.weight(2)
def test_all_together(student, draw):
    """Stride, padding and dilation work together, by name and by place."""
    for _ in range(4):
        k, s, p, d = draw.integer(2, 5), draw.integer(2, 4), draw.integer(1, 3), draw.integer(2, 4)
        n = d * (k - 1) + draw.integer(8, 30)
        close(student.output_size(n, k, s, p, d), places(n, k, s, p, d), "the number of places")
        named = {"stride": s, "padding": p, "dilation": d}
        close(student.output_size(n, k, **named), places(n, k, **named), "the number of places")


def test_refuses_a_kernel_that_is_too_large(student, draw):
    """A kernel that spans more than the padded input raises a ValueError."""
    n, p = draw.integer(3, 9), draw.integer(1, 4)
    raises(student, "output_size", n, n + 1)
    raises(student, "output_size", n, n + 2 * p + 1, padding=p)
    raises(student, "output_size", 2 * n, n + 1, dilation=2)
    raises(student, "output_size", n, n + 5, stride=3)
